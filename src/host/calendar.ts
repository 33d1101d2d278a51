// Dates from milliseconds since 1970, in UTC, without the Date object: the engine knows no clock but
// its own. Civil-from-days after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".

const DAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"] as const;
const MONTHS = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
] as const;
const DAY_MS = 86_400_000;

export interface CivilTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: string;
}

/** The UTC calendar time of an instant. */
export function civilTime(ms: number): CivilTime {
  const days = Math.floor(ms / DAY_MS);
  const seconds = Math.floor((ms - days * DAY_MS) / 1000);
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    weekday: DAYS[((days % 7) + 7) % 7],
  };
}

/** Milliseconds since 1970 of a UTC calendar time (month from 1). */
export function civilToMs(year: number, month: number, day: number, seconds = 0): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * 146_097 + dayOfEra - 719_468) * DAY_MS + seconds * 1000;
}

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
const timeOfDay = (t: CivilTime): string => `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;

/** `Sat, 21 Nov 2026 00:11:20 GMT` (RFC 9110, section 5.6.7). */
export function formatHttpDate(ms: number): string {
  const t = civilTime(ms);
  return `${t.weekday}, ${two(t.day)} ${MONTHS[t.month - 1]} ${t.year} ${timeOfDay(t)} GMT`;
}

/** `21/Nov/2026:00:11:20 +0000`, as in access logs. */
export function formatLogDate(ms: number): string {
  const t = civilTime(ms);
  return `${two(t.day)}/${MONTHS[t.month - 1]}/${t.year}:${timeOfDay(t)} +0000`;
}

/** `2026-11-21 00:11:20`; another separator than `-` for nginx's error log. */
export function formatIsoDate(ms: number, separator = "-"): string {
  const t = civilTime(ms);
  return `${t.year}${separator}${two(t.month)}${separator}${two(t.day)} ${timeOfDay(t)}`;
}

/** `Sat, 21 Nov 2026 00:11:20 GMT` to milliseconds since 1970, or null when it is no such date. */
export function parseHttpDate(text: string): number | null {
  const match =
    /^[A-Z][a-z]{2}, (\d{2})[ -]([A-Z][a-z]{2})[ -](\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text);
  if (match === null) return null;
  const month = (MONTHS as readonly string[]).indexOf(match[2]) + 1;
  if (month === 0) return null;
  const seconds = Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6]);
  return civilToMs(Number(match[3]), month, Number(match[1]), seconds);
}

/** `2024-01-01T00:00:00Z` (or without time) to milliseconds since 1970, or null. */
export function parseIsoDate(text: string): number | null {
  const match =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]00:?00)?)?$/.exec(
      text,
    );
  if (match === null) return null;
  const seconds = Number(match[4] ?? 0) * 3600 + Number(match[5] ?? 0) * 60 + Number(match[6] ?? 0);
  return civilToMs(Number(match[1]), Number(match[2]), Number(match[3]), seconds);
}
