// Settings of the world around the programs: the machine and the link to the clients, beside those of the
// traffic and of the view. They stand in parts of the scenario that are no files and are shown as JSON.
import { DEFAULT_CORES, type Scenario } from "../scenario.ts";
import { partRow } from "./part-row.ts";
import { linear, type SettingRow } from "./row.ts";
import { trafficRows } from "./traffic-settings.ts";
import { viewRows } from "./view-settings.ts";

const RTT_MS = 40;

export const scenarioRows: readonly SettingRow[] = [
  ...trafficRows,
  partRow<NonNullable<Scenario["links"]>>(
    {
      id: "rttMs",
      title: "Round trip to the clients",
      input: linear("ms", 0, 1000),
      takesEffect: "at once",
    },
    {
      part: "links",
      read: (scenario) => scenario.links ?? {},
      value: (links) => (links.client === undefined ? null : links.client.rttMs),
      otherwise: RTT_MS,
      replace: (links, rttMs) => ({
        ...links,
        client: { ...links.client, rttMs: Number(rttMs) },
      }),
    },
  ),
  partRow<NonNullable<Scenario["host"]>>(
    {
      id: "cores",
      title: "Processor cores",
      input: linear("cores", 1, 128),
      takesEffect: "at once",
    },
    {
      part: "host",
      read: (scenario) => scenario.host ?? {},
      value: (host) => host.cores,
      otherwise: DEFAULT_CORES,
      replace: (host, cores) => ({ ...host, cores: Number(cores) }),
    },
  ),
  ...viewRows,
];
