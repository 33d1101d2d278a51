// `npm run -s check`: nginx's own words and exit codes for files on a real disk and for scenarios.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkFile, checkScenarioFiles } from "../../src/cli/nginx-check.ts";
import { library } from "../../src/scenarios/library.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Writes files into the folder and checks its nginx.conf. */
function checked(conf: string, others: Record<string, string> = {}) {
  for (const [name, text] of Object.entries({ "nginx.conf": conf, ...others })) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const { exit, output, notes } = checkFile(join(folder, "nginx.conf"));
  const plain = (line: string): string => line.replaceAll(folder, "DIR");
  return { exit, output: output.map(plain), notes: notes.map(plain) };
}

const site = (inside: string): string =>
  `events {}\nhttp {\n  server {\n    listen 80;\n${inside}\n  }\n}\n`;
const FAILED = "nginx: configuration file DIR/nginx.conf test failed";

describe("npm run check", () => {
  it("says what nginx -t says of a good file", () => {
    expect(checked(site("location / { return 204; }"))).toEqual({
      exit: 0,
      output: [
        "nginx: the configuration file DIR/nginx.conf syntax is ok",
        "nginx: configuration file DIR/nginx.conf test is successful",
      ],
      notes: [],
    });
  });

  it("names file and line of the first error and exits with 1", () => {
    const result = checked(site("    proxy_pas http://127.0.0.1:8000;"));
    expect(result.output).toEqual([
      'nginx: [emerg] unknown directive "proxy_pas" in DIR/nginx.conf:5',
      FAILED,
    ]);
    expect(result.exit).toBe(1);
  });

  it("reads includes beside the file, and complains where they stand", () => {
    const conf = site("    include sites/*.conf;\n    include gone.conf;");
    expect(checked(conf, { "sites/a.conf": "root /srv/www;\n" }).output[0]).toBe(
      'nginx: [emerg] open() "DIR/gone.conf" failed (2: No such file or directory) in DIR/nginx.conf:6',
    );
    const broken = checked(conf, { "sites/a.conf": "root /srv/www;\nroot /srv;\n" });
    expect(broken.output[0]).toBe(
      'nginx: [emerg] "root" directive is duplicate in DIR/sites/a.conf:2',
    );
  });

  it("prints warnings and goes on", () => {
    const second =
      "\n  server { listen 80; server_name a; }\n  server { listen 80; server_name a; }\n";
    const conf = `events {}\nhttp {${second}}\n`;
    const { exit, output } = checked(conf);
    expect(output[0]).toBe('nginx: [warn] conflicting server name "a" on 0.0.0.0:80, ignored');
    expect([exit, output.length]).toEqual([0, 3]);
  });

  it("misses certificates as nginx does", () => {
    const { exit, output } = checked(
      site("    ssl_certificate a.crt;\n    ssl_certificate_key a.key;"),
    );
    expect(output[0]).toContain(
      'nginx: [emerg] cannot load certificate "DIR/a.crt": BIO_new_file()',
    );
    expect(exit).toBe(1);
  });

  it("opens logs only after the text was found good", () => {
    expect(checked(site("    access_log /no-such-place/access.log;")).output).toEqual([
      "nginx: the configuration file DIR/nginx.conf syntax is ok",
      'nginx: [emerg] open() "/no-such-place/access.log" failed (2: No such file or directory)',
      FAILED,
    ]);
  });

  it("keeps its own notes apart", () => {
    const { exit, output, notes } = checked(
      site("    location / { sub_filter a b; proxy_pass http://app.internal; }"),
    );
    expect([exit, output.length]).toEqual([0, 2]);
    expect(notes).toEqual([
      'the directive "sub_filter" is not simulated: it has no effect here, in DIR/nginx.conf:5',
      "whether app.internal resolves was not looked up",
    ]);
  });

  it("finds every scenario of the program good", () => {
    for (const { id, scenario } of library)
      expect([id, checkScenarioFiles(scenario).exit]).toEqual([id, 0]);
  });
});
