// Every duration of the supervision model, with its source.
import { MICROSECOND, MILLISECOND, SECOND, type Span } from "../../kernel/time.ts";

/** Starting Python and reading the configuration. Source: estimate, supervisor 4.2.5 with Python 3.11. */
export const SUPERVISORD_START_NS: Span = 150 * MILLISECOND;
/** One turn of supervisord's loop when nothing happens. Source: supervisord.py runforever: timeout = 1, and its own work. */
export const TURN_NS: Span = SECOND + MILLISECOND;
/** Between a unit's exec and READY=1 of gunicorn. Source: estimate: Python starts and gunicorn binds. */
export const NOTIFY_NS: Span = 150 * MILLISECOND;
/** Between fork and exec of a unit. Source: estimate, systemd 252. */
export const EXEC_NS: Span = 200 * MICROSECOND;
/** Source: systemd-system.conf(5): DefaultRestartSec, DefaultTimeoutStopSec, DefaultStartLimitIntervalSec. */
export const RESTART_SECONDS_DEFAULT = 0.1;
export const TIMEOUT_SECONDS_DEFAULT = 90;
export const START_LIMIT_INTERVAL_SECONDS = 10;
export const START_LIMIT_BURST = 5;
/** Source: systemd.socket(5): TriggerLimitBurst=, TriggerLimitIntervalSec= for Accept=no. */
export const TRIGGER_LIMIT_BURST = 20;
export const TRIGGER_LIMIT_INTERVAL_SECONDS = 2;
