// The build of the worker in two halves: what the first visit runs, which the browser loads at once,
// and the rest, which it loads when the first step is on the screen or when a run calls for it. What
// belongs where is measured at each build by playing the first visit, so it cannot be out of date; a
// wrong guess would cost a second attempt, never another result (src/worker/cold-code.ts).
import { basename } from "node:path";
import { minifySync, type Plugin, type Rolldown } from "vite";
import { entriesAsGetters } from "./entries.ts";
import type { Idle } from "./idle.ts";
import { checkHalves, idleParts } from "./profile.ts";
import { splitModule } from "./split.ts";

/** For `worker.plugins`, with the bundler's own minifier turned off: this one minifies both halves. */
export function coldCode(entryModule: string): Plugin {
  let isCut = false;
  return {
    name: "cold-code",
    buildStart({ input }) {
      isCut = Object.values(input).some((module) => module.endsWith(entryModule));
    },
    // A chunk that another worker has too must not have the name of one that is cut.
    augmentChunkHash: () => (isCut ? "cut" : ""),
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(entryModule));
      const cold = entry === undefined ? [] : halve(chunks, entry);
      for (const { fileName, code, map } of cold) {
        const written = minified(fileName, code, map);
        this.emitFile({ type: "asset", fileName, source: written.code });
        this.emitFile({ type: "asset", fileName: `${fileName}.map`, source: written.map });
      }
      for (const chunk of chunks) {
        const written = minified(chunk.fileName, chunk.code, chunk.map);
        chunk.code = written.code;
        const map = bundle[`${chunk.fileName}.map`];
        if (map?.type === "asset") map.source = written.map;
      }
    },
  };
}

const NOTHING: Idle = { functions: [], parts: [] };

interface ColdHalf {
  readonly fileName: string;
  readonly code: string;
  readonly map: Rolldown.SourceMap | null;
}

/** Leaves the hot half of each chunk in its place and returns the cold ones. */
function halve(
  chunks: readonly Rolldown.OutputChunk[],
  entry: Rolldown.OutputChunk,
): readonly ColdHalf[] {
  for (const chunk of chunks) chunk.code = entriesAsGetters(chunk.code);
  const written = (parts: readonly { readonly fileName: string; readonly code: string }[]) =>
    new Map(parts.map(({ fileName, code }) => [fileName, code]));
  const idle = idleParts({ modules: written(chunks), entry: entry.fileName });
  const cold: ColdHalf[] = [];
  for (const chunk of chunks) {
    const file = basename(chunk.fileName);
    const halves = splitModule(chunk.code, idle.get(file) ?? NOTHING, file);
    if (halves === null) continue;
    chunk.code = halves.hot;
    if (halves.cold === "") continue;
    const fileName = chunk.fileName.replace(/\.js$/, "-cold.js");
    cold.push({ fileName, code: halves.cold, map: chunk.map });
  }
  const files = cold.map(({ fileName }) => `import("./${basename(fileName)}")`);
  entry.code += `globalThis.coldCode={missed:false,load:()=>Promise.all([${files.join(",")}])};\n`;
  checkHalves({ modules: written([...chunks, ...cold]), entry: entry.fileName });
  return cold;
}

function minified(
  fileName: string,
  code: string,
  map: Rolldown.SourceMap | null,
): { readonly code: string; readonly map: string } {
  const written = minifySync(fileName, code, {
    module: true,
    compress: { target: "es2023" },
    mangle: { toplevel: true },
    codegen: { removeWhitespace: true, legalComments: "none" },
    sourcemap: true,
    ...(map !== null && { inputMap: JSON.parse(map.toString()) }),
  });
  const [error] = written.errors;
  if (error !== undefined) throw new Error(`${fileName}: ${error.message}`);
  const link = `//# sourceMappingURL=${basename(fileName)}.map`;
  return { code: `${written.code}\n${link}\n`, map: JSON.stringify(written.map) };
}
