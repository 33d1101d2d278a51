// What an operator can tell the supervisor: systemctl's verbs for each unit, supervisorctl's for each
// program. Without a control server in its file supervisord hears signals alone.
import type { Scene, Stage } from "../../simulation/journey.ts";
import type { Verb, VerbGroup } from "./verbs.ts";

type Kept = Scene["supervisor"][number];

/** The groups of the supervisor that this stage has; none where nothing supervises. */
export function supervisionGroups(stage: Stage, { supervisor }: Scene): readonly VerbGroup[] {
  if (stage.supervisorName === "systemd") return supervisor.map(unitGroup);
  if (stage.supervisorName !== "supervisord") return [];
  const { hasSupervisorctl } = stage;
  const programs = hasSupervisorctl ? supervisor.map(programGroup) : [];
  const verbs = [...(hasSupervisorctl ? CONTROL : []), ...SIGNALS];
  return [
    ...programs,
    { ...{ target: "supervisor", title: "supervisord", state: countOf(supervisor) }, verbs },
  ];
}

function countOf(programs: readonly Kept[]): string {
  return `${programs.length} ${programs.length === 1 ? "program" : "programs"}`;
}

function unitGroup({ name, state }: Kept): VerbGroup {
  return {
    ...{ target: "supervisor", title: `systemd unit ${name}`, state },
    verbs: [
      {
        ...{ command: `systemctl restart ${name}`, name: "Restart" },
        does: "Stops the unit, waits until it has ended, and starts it.",
      },
      {
        ...{ command: `systemctl stop ${name}`, name: "Stop" },
        does: "Sends the unit's stop signal; after TimeoutStopSec what is left is killed.",
      },
      {
        ...{ command: `systemctl start ${name}`, name: "Start" },
        does: "Runs ExecStart, unless the unit is up or was started too often.",
      },
      {
        ...{ command: `systemctl reload ${name}`, name: "Reload" },
        does: "Runs ExecReload, where the unit has one; the process stays.",
      },
      {
        ...{ command: `systemctl reset-failed ${name}`, name: "Forget failures" },
        does: "Forgets how often the unit was started, so that it may be started again.",
      },
    ],
  };
}

function programGroup({ name, state }: Kept): VerbGroup {
  return {
    ...{ target: "supervisor", title: `Program ${name} of supervisord`, state },
    verbs: [
      {
        ...{ command: `supervisorctl restart ${name}`, name: "Restart" },
        does: "Stops the program, waits until it has ended, and starts it.",
      },
      {
        ...{ command: `supervisorctl stop ${name}`, name: "Stop" },
        does: "Sends stopsignal; after stopwaitsecs the program is killed. It stays down.",
      },
      {
        ...{ command: `supervisorctl start ${name}`, name: "Start" },
        does: "Starts the program, unless it runs; this is the only way out of FATAL.",
      },
      {
        ...{ command: `supervisorctl signal HUP ${name}`, name: "Send HUP" },
        does: "Sends the signal to the program's process and changes no state of its own.",
      },
    ],
  };
}

const CONTROL: readonly Verb[] = [
  {
    ...{ command: "supervisorctl reread", name: "Compare the file" },
    does: "Says which programs the file now adds, changes or drops, and does nothing.",
  },
  {
    ...{ command: "supervisorctl update", name: "Take over the file" },
    does: "Stops and starts the programs that changed in the file; the others run on.",
  },
];

const SIGNALS: readonly Verb[] = [
  {
    ...{ command: "kill -HUP supervisord", name: "Start over", isHarsh: true },
    does: "Stops every program, reads the file anew and starts what has autostart.",
  },
  {
    ...{ command: "kill -TERM supervisord", name: "Stop everything", isHarsh: true },
    does: "Stops the programs one after the other, the last of the file first, and ends.",
  },
  {
    ...{ command: "kill -KILL supervisord", name: "Kill supervisord", isHarsh: true },
    does: "The kernel ends it at once; its programs run on, and nobody restarts them.",
  },
];
