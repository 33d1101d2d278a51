// The layers, in the order of a request's path. The only list of them in the program: the interface,
// the commands, the documents and the tests go through it.
import { browser } from "./browser/layer.ts";
import type { Layer } from "./layer.ts";
import { tcp } from "./tcp/layer.ts";

export const layers: readonly Layer[] = [browser, tcp];
