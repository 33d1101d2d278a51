// Who may import whom: the table of ARCHITECTURE.md, as the test reads it. The first row whose folder
// a module lies in applies. A module may always import its own folder.

export interface ImportRow {
  /** A folder or a file below src; `*` stands for one name. */
  readonly folder: string;
  /** Folders or files whose values and types may be imported. */
  readonly values: readonly string[];
  /** Folders or files of which only types may be imported. */
  readonly types?: readonly string[];
  /** Packages that may be imported; a name with a final `*` stands for all that begin so. */
  readonly packages?: readonly string[];
  readonly reason: string;
}

const ENGINE = ["kernel", "text", "host", "wire", "layers", "simulation"];

export const importTable: readonly ImportRow[] = [
  { folder: "kernel", values: [], reason: "the theory, usable alone" },
  {
    folder: "text",
    values: [],
    packages: ["@lezer/*"],
    reason: "parsing tools, usable alone",
  },
  {
    folder: "wire",
    values: ["kernel/assert.ts", "text"],
    reason: "formats are facts, they have no behaviour",
  },
  { folder: "host", values: ["kernel", "text"], reason: "the machine under the programs" },
  {
    folder: "layers/index.ts",
    values: ["layers/*/layer.ts", "layers/*.ts"],
    reason: "the only list of layers",
  },
  {
    folder: "layers/*.ts",
    values: ["kernel", "host", "text", "wire", "layers/*.ts"],
    reason: "what every layer must offer, and the seams between them",
  },
  {
    folder: "layers/*",
    values: ["kernel", "host", "text", "wire", "layers/*.ts"],
    packages: ["@lezer/*", "string-argv", "ipaddr.js"],
    reason: "a layer never knows another layer: they meet in simulation/wiring",
  },
  {
    folder: "simulation",
    values: ENGINE,
    packages: ["valibot"],
    reason: "the whole path",
  },
  {
    folder: "scenarios",
    values: [],
    types: ["simulation", "layers"],
    reason: "data only",
  },
  {
    folder: "worker",
    values: [...ENGINE, "scenarios"],
    reason: "a driver: the engine and the story run here",
  },
  {
    folder: "cli",
    values: [...ENGINE, "scenarios"],
    packages: ["*"],
    reason: "a driver without a screen",
  },
  {
    folder: "ui/widgets",
    values: [],
    packages: ["react"],
    reason: "buttons and tabs know nothing of the simulation",
  },
  {
    folder: "ui/diagram",
    values: ["ui/widgets", "layers/*/describe.ts", "layers/*/sketch.ts"],
    types: ["kernel", "layers", "simulation", "worker"],
    packages: ["react", "d3"],
    reason: "draws definitions",
  },
  {
    folder: "ui/machine-view",
    values: ["ui/widgets", "layers/*/describe.ts", "layers/*/sketch.ts"],
    types: ["kernel", "layers", "simulation", "worker"],
    packages: ["react", "d3"],
    reason: "draws definitions",
  },
  {
    folder: "ui/editor",
    values: ["ui/widgets"],
    types: ["text", "simulation/journey.ts"],
    packages: ["react", "@codemirror/*"],
    reason: "a text with marks: it knows neither the session nor what a file is for",
  },
  {
    folder: "ui/session",
    values: ["ui/playback"],
    types: ["kernel", "layers/layer.ts", "simulation", "worker"],
    packages: ["zustand/*", "idb-keyval"],
    reason: "stores know no React",
  },
  {
    folder: "ui/playback",
    values: ["ui/session"],
    types: ["kernel", "simulation", "worker"],
    packages: ["zustand/*"],
    reason: "the playhead knows no React",
  },
  {
    folder: "ui",
    // Comparing two texts is needed on both sides of the worker, and knows nothing of either.
    values: ["ui", "text/line-diff.ts"],
    types: ["kernel", "text", "layers/layer.ts", "simulation", "scenarios", "worker"],
    packages: ["react", "react-dom", "zustand", "zustand/*", "d3", "virtual:*", "@fontsource*"],
    reason: "facts come from the worker",
  },
  { folder: "main.tsx", values: ["ui"], packages: ["*"], reason: "mounts the app" },
];
