// Dates in headers, in the three forms that nginx reads: `Sat, 21 Nov 2026 00:11:20 GMT`,
// `Saturday, 21-Nov-26 00:11:20 GMT` and `Sat Nov 21 00:11:20 2026`. The zone is not looked at.
// Source: src/core/ngx_parse_time.c, ngx_parse_http_time (1.22.1).
import { civilToMs } from "../../host/calendar.ts";

const FORMS = [
  /^[^ ,]*, *(?<day>\d\d) (?<month>[A-Z]..) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d)/,
  /^[^ ,]*, *(?<day>\d\d)-(?<month>[A-Z]..)-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d)/,
  /^[^ ,]* +(?<month>[A-Z]..) ? ?(?<day>\d\d?) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})/,
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Seconds since 1970, or null when it is no date. */
export function parseHttpTime(text: string): number | null {
  const groups = FORMS.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  if (groups === undefined) return null;
  const month = MONTHS.indexOf(groups.month);
  const day = Number(groups.day);
  const [hour, minute, second] = groups.time.split(":").map(Number);
  if (month < 0 || day < 1 || day > DAYS[month] || hour > 23 || minute > 59 || second > 59)
    return null;
  const written = Number(groups.year);
  const century = written < 70 ? 2000 : 1900;
  const year = groups.year.length === 2 ? written + century : written;
  return civilToMs(year, month + 1, day, hour * 3600 + minute * 60 + second) / 1000;
}
