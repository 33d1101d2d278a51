// What limit_req and limit_conn share: the machine of a zone, one entity for each, which shows the way the last request
// went, and the check that the zones they name are declared.
import type { Entity } from "../../kernel/simulation.ts";
import type { Facts } from "../layer.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { type ConfigError, type DirectiveRow, type HttpConf, valueAt } from "./settings.ts";
import { parseSize, ZONE_BYTES_MIN } from "./units.ts";
import { limitMachine } from "./upstream-machine.ts";
import { allLocations } from "./upstream-target.ts";

/** The size of a zone of shared memory, or what is wrong with it; `text` is the parameter as written. */
export function readZoneBytes(size: string, text: string): number | ConfigError {
  const bytes = parseSize(size);
  if (bytes === null) return { emerg: `invalid zone size "${text}"` };
  return bytes < ZONE_BYTES_MIN ? { emerg: `zone "${text}" is too small` } : bytes;
}

/** A transition of a zone's machine, shown to those who look at this request. */
export function fireLimit(
  context: NginxContext,
  request: NginxRequest,
  zone: string,
  step: { readonly event: "pass" | "delay" | "reject"; readonly facts: () => Facts },
): void {
  const { sim } = context;
  const entities = context.moduleState<Map<string, Entity>>("limit zones", () => new Map());
  const handle = sim.machine(limitMachine);
  const entity = entities.get(zone) ?? sim.spawn(handle, request.number);
  entities.set(zone, entity);
  sim.attribute(entity, request.number);
  const row = sim.fire(handle, entity, limitMachine.transition[step.event], 0);
  if (sim.recording(entity)) sim.note(row, step.facts());
}

/** The first zone that a limit names and no zone directive declares (ngx_init_cycle). */
export function undeclaredZone(
  http: HttpConf,
  limits: DirectiveRow<readonly { readonly zone: string }[]>,
  declared: ReadonlySet<string>,
): { readonly emerg: string } | null {
  for (const location of allLocations(http)) {
    const missing = valueAt(location, limits).find((limit) => !declared.has(limit.zone));
    if (missing !== undefined) return { emerg: `zero size shared memory zone "${missing.zone}"` };
  }
  return null;
}
