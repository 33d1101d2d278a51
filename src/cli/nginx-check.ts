// What `nginx -t` says of an nginx.conf on this machine, or of a scenario's: nginx's own lines apart from
// what only this program has to say (a directive that it does not simulate, a file taken from Debian's
// package, a name that it does not look up).
import { resolve } from "node:path";
import type { Disk } from "../host/disk.ts";
import { checkConfiguration, DEFAULT_CONFIGURATION } from "../layers/nginx/program.ts";
import type { Scenario } from "../simulation/scenario.ts";
import { realDisk, scenarioDisk } from "./real-disk.ts";

export interface NginxCheck {
  readonly exit: number;
  /** nginx's lines, as it prints them. */
  readonly output: readonly string[];
  readonly notes: readonly string[];
}

/** Names that a system without DNS resolves. */
const LOCAL_NAMES = ["localhost", "server"];
/** Stands for the address of a name that is not looked up. Source: RFC 5737. */
const SOME_ADDRESS = "192.0.2.1";

/** Names that no resolver knows. Source: RFC 6761, section 6.4. */
const NEVER = /\.invalid\.?$/;

interface Subject {
  readonly disk: Disk;
  readonly path: string;
  /** Whether a name may be one that only the network knows. */
  readonly mayKnowNames: boolean;
}

/** Checks a file of this machine with the files it includes. */
export function checkFile(file: string): NginxCheck {
  const { disk, borrowed } = realDisk();
  const result = check({ disk, path: resolve(file), mayKnowNames: true });
  const lent = [...borrowed].map((path) => `${path} is not on this machine: Debian's was read`);
  return { ...result, notes: [...result.notes, ...lent] };
}

/** Checks the nginx.conf of a scenario. */
export function checkScenarioFiles(scenario: Scenario): NginxCheck {
  const disk = scenarioDisk(scenario);
  return check({ disk, path: DEFAULT_CONFIGURATION, mayKnowNames: false });
}

function check({ disk, path, mayKnowNames }: Subject): NginxCheck {
  const names = new Set<string>();
  const resolveAtStart = (name: string): readonly string[] | null => {
    if (LOCAL_NAMES.includes(name)) return ["127.0.0.1"];
    if (!mayKnowNames || NEVER.test(name)) return null;
    names.add(name);
    return [SOME_ADDRESS];
  };
  const { exit, output, diagnostics } = checkConfiguration(disk, path, { resolveAtStart });
  const notSimulated = diagnostics
    .filter(({ severity }) => severity === "not-simulated")
    .map(({ message, file, line }) => `${message}, in ${file}:${line}`);
  const unasked = [...names].map((name) => `whether ${name} resolves was not looked up`);
  return { exit, output, notes: [...notSimulated, ...unasked] };
}
