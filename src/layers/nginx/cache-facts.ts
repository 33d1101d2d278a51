// What the panel shows of the question whether an answer may be kept and for how long: the headers that
// count, in the order in which they came, then proxy_cache_valid. Made only for those who look.
import type { Alternative } from "../layer.ts";
import { configuredValidity, headerVerdict } from "./cache-validity.ts";
import { causeOf } from "./cause.ts";
import type { HeaderLine } from "./request.ts";
import type { UpstreamCall } from "./upstream-call.ts";
import type { ResponseHead } from "./upstream-header.ts";

const COUNTED = ["x-accel-expires", "cache-control", "expires", "set-cookie", "vary"];

/** Each header that may decide, and the configured validity, with their verdicts. */
export function validityAlternatives(
  call: UpstreamCall,
  head: ResponseHead,
  nowSec: number,
): readonly Alternative[] {
  const { conf } = call;
  const counted = head.headers.filter(({ key }) => COUNTED.includes(key));
  const all = headerVerdict(head.headers, conf.ignored, nowSec);
  const headers = counted.map((header) => headerAlternative(header, conf.ignored, nowSec));
  const seconds = configuredValidity(conf.cache?.valid ?? [], head.status);
  const isDecided = all.validSec !== 0 || !all.cacheable;
  const directive = `${conf.module}_cache_valid`;
  return [
    ...headers,
    {
      text:
        seconds > 0 ? `${directive} ${head.status} ${seconds}s` : `${directive} for ${head.status}`,
      verdict: validVerdict(seconds, isDecided),
      chosen: seconds > 0 && !isDecided,
      cause: causeOf(conf.cache?.validSetting.span, "how long a status is kept"),
    },
  ];
}

function validVerdict(seconds: number, isDecided: boolean): string {
  if (isDecided) return "not asked: the headers have decided";
  return seconds > 0 ? `kept for ${seconds} s` : "not set: such an answer is not kept";
}

/** What one header says when it is read alone. */
function headerAlternative(
  header: HeaderLine,
  ignored: ReadonlySet<string>,
  nowSec: number,
): Alternative {
  const text = `${header.name}: ${header.value}`;
  if (ignored.has(header.key))
    return { text, verdict: "ignored, as proxy_ignore_headers says", chosen: false };
  const alone = headerVerdict([header], new Set(), nowSec);
  if (!alone.cacheable) return { text, verdict: "forbids keeping the answer", chosen: true };
  if (alone.validSec > 0) return { text, verdict: "says how long it is fresh", chosen: true };
  const isVary = header.key === "vary";
  return {
    text,
    verdict: isVary
      ? "each value of these headers is an entry of its own"
      : "says nothing about it",
    chosen: isVary,
  };
}
