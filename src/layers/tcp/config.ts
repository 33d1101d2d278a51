// The sysctl settings that TCP obeys, as numbers. Settings not named keep the defaults of Debian 12
// (Linux 6.1). Source: Documentation/networking/ip-sysctl.rst.

export interface TcpSettings {
  /** net.core.somaxconn: the most a backlog can be. */
  readonly somaxconn: number;
  /** net.ipv4.tcp_syn_retries. */
  readonly synRetries: number;
  /** net.ipv4.tcp_syn_linear_timeouts: retries before the timer doubles; 4 by default from Linux 6.5 on. */
  readonly synLinearTimeouts: number;
  /** net.ipv4.tcp_synack_retries. */
  readonly synAckRetries: number;
  /** net.ipv4.tcp_abort_on_overflow. */
  readonly abortOnOverflow: boolean;
  /** net.ipv4.tcp_slow_start_after_idle. */
  readonly slowStartAfterIdle: boolean;
}

/** Reads the settings from `sysctl` names and values; what is no number keeps its default. */
export function readTcpSettings(sysctl: Readonly<Record<string, string>>): TcpSettings {
  const number = (name: string, otherwise: number): number => {
    const value = Number(sysctl[name] ?? Number.NaN);
    return Number.isInteger(value) && value >= 0 ? value : otherwise;
  };
  return {
    somaxconn: number("net.core.somaxconn", 4096),
    synRetries: Math.min(number("net.ipv4.tcp_syn_retries", 6), 127),
    synLinearTimeouts: number("net.ipv4.tcp_syn_linear_timeouts", 0),
    synAckRetries: Math.min(number("net.ipv4.tcp_synack_retries", 5), 255),
    abortOnOverflow: number("net.ipv4.tcp_abort_on_overflow", 0) === 1,
    slowStartAfterIdle: number("net.ipv4.tcp_slow_start_after_idle", 1) === 1,
  };
}
