// Which processes and units stand on the server of a crowd at a moment, for the boxes of the stage. Read from
// the layers' own worlds between two events; nothing here is kept and nothing is changed.

import { worldOf as gunicornWorldOf } from "../../layers/gunicorn/world.ts";
import { worldOf as nginxWorldOf } from "../../layers/nginx/world.ts";
import { supervisedMachine, unitMachine } from "../../layers/supervisor/machine.ts";
import type { SupervisorWorld } from "../../layers/supervisor/world.ts";
import type { Run } from "../run.ts";

export interface ServerNow {
  /** Pids of nginx's workers. */
  readonly nginxWorkers: readonly number[];
  /** Pid of gunicorn's arbiter; null while none runs. */
  readonly arbiter: number | null;
  /** systemd's units and supervisord's programs, each with the name of its machine's state. */
  readonly units: readonly { readonly name: string; readonly state: string }[];
}

/** What runs on the server at this moment. */
export function serverNow({ host }: Run): ServerNow {
  const { sim } = host;
  const { units, daemons } = sim.world.supervisor as SupervisorWorld;
  const programs = [...daemons.values()].flatMap((daemon) => daemon.programs);
  const arbiters = [...gunicornWorldOf(sim).masters.values()];
  return {
    nginxWorkers: [...nginxWorldOf(sim).workers.keys()],
    arbiter: arbiters.findLast(({ phase }) => phase !== "gone")?.pid ?? null,
    units: [
      ...[...units.values()].map(({ name, entity }) => ({
        name,
        state: unitMachine.stateNames[sim.stateOf(entity)],
      })),
      ...programs.map(({ config, entity }) => ({
        name: config.name,
        state: supervisedMachine.stateNames[sim.stateOf(entity)],
      })),
    ],
  };
}
