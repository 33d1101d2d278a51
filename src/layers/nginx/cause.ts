// From a place in the configuration to a cause that the panel can light.
import type { Span } from "../../text/diagnostic.ts";
import type { Cause } from "../layer.ts";

/** The line that decided; undefined for a default, which stands nowhere. */
export function causeOf(span: Span | null | undefined, note: string): Cause | undefined {
  if (span === null || span === undefined) return undefined;
  return { file: span.file, line: span.line, start: span.start, end: span.end, note };
}
