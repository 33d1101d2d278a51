// The step that teaches in each lesson about nginx: it names the line that decided, and what lost there.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { Step } from "../../src/simulation/journey.ts";
import { runJourney } from "../../src/simulation/run-journey.ts";

/** The steps of a request that take this transition. */
function stepsOf(id: string, request: number, transition: string): readonly Step[] {
  const entry = library.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`no scenario ${id}`);
  const { steps } = runJourney(entry.scenario);
  return steps.filter((step) => step.request === request && step.transition === transition);
}

const told = ({ alternatives }: Step): string[] =>
  alternatives.map(({ text, verdict, chosen }) => `${chosen ? "+" : "-"} ${text}: ${verdict}`);

describe("what the Why tab says", () => {
  it("shows how proxy_pass makes the URI", () => {
    const [step] = stepsOf("proxy-pass-slash", 1, "miss");
    expect(step.cause?.line).toBe(11);
    expect(told(step)[0]).toBe(
      "+ proxy_pass http://127.0.0.1:8000/: its path / replaces the location's /store/: /products/",
    );
  });

  it("lists every location, and that the regex beat the prefix", () => {
    const [step] = stepsOf("caret-tilde", 0, "chooseLocation");
    expect(step.cause?.note).toBe("first regular expression that matches");
    expect(told(step)).toContain("- location /static/: longest matching prefix");
    const [kept] = stepsOf("caret-tilde", 1, "chooseLocation");
    expect(told(kept)).toContain("- location ~* \\.(png|jpg|css)$: not tried: ^~ won");
  });

  it("adds root and URI up to the path", () => {
    const [step] = stepsOf("alias-or-root", 0, "openFile");
    expect(told(step)).toEqual([
      "+ root /srv/myproject/static: root comes before the whole URI: /srv/myproject/static + /static/site.css = /srv/myproject/static/static/site.css",
    ]);
  });

  it("names what does not hold inside an if", () => {
    const [step] = stepsOf("if-is-evil", 1, "rewriteInLocation");
    expect(step.title).toBe("Location: if ($http_x_preview = yes) is true");
    expect(told(step)).toContain("- try_files: does not hold inside the if");
  });

  it("names headers that an inner line replaced", () => {
    const [sent] = stepsOf("lost-headers", 1, "sendHeader");
    expect(sent.cause?.note).toBe("replaces every add_header around it");
    expect(told(sent)).toContain(
      "- add_header X-Frame-Options DENY: not inherited: the inner level has an add_header of its own",
    );
    const [asked] = stepsOf("lost-headers", 2, "miss");
    expect(told(asked)).toContain(
      "+ proxy_set_header Host $proxy_host: nginx's own default: 127.0.0.1:8000",
    );
  });

  it("says which header kept the answer out of the cache", () => {
    const [step] = stepsOf("cache-set-cookie", 0, "leave");
    expect(told(step)).toEqual([
      "+ Set-Cookie: visited=yes; Path=/: forbids keeping the answer",
      "- proxy_cache_valid 200 600s: not asked: the headers have decided",
    ]);
  });

  it("does the bucket's arithmetic", () => {
    const [step] = stepsOf("burst-nodelay", 3, "reject");
    expect(told(step)).toEqual([
      "+ zone slow, key 203.0.113.10: 1.980 − 0.010 leaked at 1 a second + 1 = 2.970, more than burst 2: refused",
    ]);
    const [quick] = stepsOf("burst-nodelay", 5, "pass");
    expect(told(quick)[0]).toContain(
      "0.000 − 0.010 leaked at 1 a second + 1 = 0.990, within burst 2",
    );
  });

  it("lists the candidates of try_files and the servers of a port", () => {
    const [files] = stepsOf("try-files-app", 2, "tryFiles");
    expect(told(files).at(-1)).toBe("+ =404: none before it exists");
    const [server] = stepsOf("default-server", 1, "chooseServer");
    expect(server.alternatives.length).toBe(2);
    expect(server.cause?.line).toBe(1);
  });

  it("says why a stale page may be served", () => {
    const [step] = stepsOf("stale-while-updating", 3, "hit");
    expect(told(step)).toContain(
      "+ proxy_cache_use_stale updating: an expired entry may be served meanwhile",
    );
  });
});

describe("the drawing of nginx's phases", () => {
  const phasesOf = (id: string, request: number): string[] => {
    const step = stepsOf(id, request, "finish").find(({ machine }) => machine === "nginx request");
    return (step?.scene.nginx.phases ?? []).map(({ name, detail }) => `${name}: ${detail}`);
  };

  it("shows what each phase decided", () => {
    expect(phasesOf("burst-nodelay", 7)).toContain("limits: 2.970 of 2");
    expect(phasesOf("burst-nodelay", 1)).toContain("limits: waits 990 ms");
    expect(phasesOf("if-is-evil", 1)).toContain("rewrite: if: true");
    expect(phasesOf("try-files-app", 1)).toContain("try files: @app");
    expect(phasesOf("default-server", 2)).toContain("server rewrite: return 444");
    expect(phasesOf("caret-tilde", 0)).toContain("access: none set");
  });
});
