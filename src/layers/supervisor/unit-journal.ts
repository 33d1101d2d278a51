// What systemd writes to the journal about a unit, and the facts of its steps.
import { NO_REQUEST } from "../../kernel/simulation.ts";
import type { Runtime, Unit } from "./world.ts";

/** A line of systemd's own, with the time as the journal shows it. */
export function journal(runtime: Runtime, text: string): void {
  const { sink, clock, settings } = runtime.host;
  if (!sink.wants(NO_REQUEST)) return;
  const [day, month, , ...time] = clock.logDate().split(/[/: ]/);
  sink.log(
    "journal",
    `${month} ${day} ${time.slice(0, 3).join(":")} ${settings.hostname} systemd[1]: ${text}`,
    NO_REQUEST,
  );
}

/** Facts of a unit's step, with the line of its file whose key decided. */
export function note(
  runtime: Runtime,
  unit: Unit,
  row: number,
  { key, ...values }: Readonly<Record<string, string>>,
): void {
  const { sim } = runtime.host;
  if (!sim.recording(unit.entity)) return;
  const cause = unit.service.causes.get(key);
  sim.note(row, { values, ...(cause === undefined ? {} : { cause }) });
}
