// Numbers as they are written on the traffic screen: grouped by thousands, with at most three figures
// where a unit follows.

/** 5112 as "5,112". */
export function countText(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Three significant figures without trailing zeros: 0.0412, 38.2, 412, 5,112. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "—";
  if (Math.abs(value) >= 100) return countText(value);
  return String(Number(value.toPrecision(3)));
}

/** Milliseconds as a reader says them: "41 ms", "2.31 s", "3.5 min". */
export function millisecondsText(ms: number): string {
  if (!Number.isFinite(ms)) return "—";
  if (ms < 1000) return `${shortNumber(ms)} ms`;
  return ms < 120_000 ? `${shortNumber(ms / 1000)} s` : `${shortNumber(ms / 60_000)} min`;
}

/** Simulated seconds on a clock: "42.6 s", "2 min 05 s". */
export function clockText(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, "0")} s`;
}

/** A share of one as "84 %". */
export function percentText(share: number): string {
  return Number.isFinite(share) ? `${Math.round(share * 100)} %` : "—";
}
