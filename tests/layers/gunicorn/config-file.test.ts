// gunicorn.conf.py: what is evaluated, and what is said of the rest.
import { expect, test } from "vitest";
import { readConfigFile } from "../../../src/layers/gunicorn/config-file.ts";

test("workers from the cores of the machine", () => {
  const text = "import multiprocessing\nworkers = multiprocessing.cpu_count() * 2 + 1\n";
  const { values } = readConfigFile(text, "gunicorn.conf.py", { env: {}, cores: 2 });
  expect(values.map(({ name, value }) => [name, value])).toEqual([["workers", 5]]);
});

test("a server hook is said at its line", () => {
  const text =
    "workers = 2\n\ndef post_fork(server, worker):\n    pass\n\ndef helper():\n    pass\n";
  const { diagnostics } = readConfigFile(text, "gunicorn.conf.py", { env: {}, cores: 2 });
  expect(diagnostics.map(({ line, message }) => `${line}: ${message}`)).toEqual([
    "3: the hook post_fork does not run: Python code in the configuration does not run",
  ]);
});
