// The load of bench:crowd in a Web Worker: it is told which load and for how long, says when the part that counts
// begins, and answers with what it measured.
import { type CrowdLoad, measureCrowd } from "./load.ts";

interface Scope {
  onmessage: ((event: { readonly data: readonly [CrowdLoad, number] }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as Scope;
scope.onmessage = ({ data: [load, seconds] }) => {
  let begun = false;
  const clockUs = (): number => {
    if (!begun) scope.postMessage("it begins");
    begun = true;
    return performance.now() * 1000;
  };
  scope.postMessage(measureCrowd(load, seconds, clockUs));
};
