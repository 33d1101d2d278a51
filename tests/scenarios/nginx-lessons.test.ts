// What each lesson about nginx teaches, said as numbers and names: a lesson that stops being true fails here.
import { describe, expect, it } from "vitest";
import { library } from "../../src/scenarios/library.ts";
import type { RequestObservation } from "../../src/simulation/observation.ts";
import { observeScenario } from "../../src/simulation/observe-scenario.ts";

function observed(id: string): RequestObservation[] {
  const entry = library.find((candidate) => candidate.id === id);
  if (entry === undefined) throw new Error(`no scenario ${id}`);
  return observeScenario(entry.scenario).requests;
}

const headerOf = ({ headers }: RequestObservation, name: string): string | undefined =>
  headers.find(([header]) => header === name)?.[1];

describe("nginx lessons", () => {
  it("proxy_pass: only a path after the port replaces the prefix", () => {
    const answers = observed("proxy-pass-slash");
    expect(answers.map(({ wsgi }) => wsgi?.RAW_URI)).toEqual([
      "/shop/products/",
      "/products/",
      "//products/",
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 200, 404]);
  });

  it("a regular expression beats a longer prefix, ^~ stops it", () => {
    const [taken, kept] = observed("caret-tilde");
    expect([taken.status, taken.nginx?.location]).toEqual([404, "~* \\.(png|jpg|css)$"]);
    expect([kept.status, kept.nginx?.location]).toEqual([200, "^~ /media/"]);
  });

  it("root keeps the prefix, alias replaces it, and without its slash it leaks", () => {
    const [root, alias, leak] = observed("alias-or-root");
    expect(root.status).toBe(404);
    expect(root.nginx?.errorLog?.[0]).toContain("/srv/myproject/static/static/site.css");
    expect(alias.status).toBe(200);
    expect(leak.status).toBe(200);
    expect(leak.body).toContain("SECRET_KEY");
  });

  it("try_files does not hold inside an if; a map needs none", () => {
    const [without, inside, mapped] = observed("if-is-evil");
    expect([without.status, without.by]).toEqual([200, "django"]);
    expect([inside.status, inside.by]).toEqual([404, "nginx"]);
    expect([mapped.status, headerOf(mapped, "x-preview")]).toEqual([200, "draft"]);
  });

  it("try_files hands over to the application only with its last argument", () => {
    const [file, application, missing] = observed("try-files-app");
    expect([file.status, file.by]).toEqual([200, "nginx"]);
    expect([application.status, application.nginx?.location]).toEqual([200, "@app"]);
    expect([missing.status, missing.by]).toEqual([404, "nginx"]);
    expect(missing.wsgi).toBeUndefined();
  });

  it("a Host that nobody names goes to the default server", () => {
    const [named, stranger, refused] = observed("default-server");
    expect(named.nginx?.server).toBe("www.example.com");
    expect(stranger.nginx?.server).toBe("intranet.example.com");
    expect(stranger.body).toContain("Salaries");
    expect([refused.status, refused.nginx?.status]).toEqual([null, 444]);
  });

  it("one inner add_header or proxy_set_header drops the outer ones", () => {
    const [kept, lost, host] = observed("lost-headers");
    expect(headerOf(kept, "x-frame-options")).toBe("DENY");
    expect(headerOf(lost, "cache-control")).toBe("max-age=3600");
    expect(headerOf(lost, "x-frame-options")).toBeUndefined();
    expect([host.status, host.wsgi?.HTTP_HOST]).toEqual([400, "127.0.0.1:8000"]);
  });

  it("an answer with Set-Cookie is not stored", () => {
    const answers = observed("cache-set-cookie");
    expect(answers.map(({ nginx }) => nginx?.cacheStatus)).toEqual(["MISS", "MISS", "MISS", "HIT"]);
    expect(answers.map((answer) => headerOf(answer, "set-cookie") !== undefined)).toEqual([
      ...[true, true],
      ...[false, false],
    ]);
  });

  it("burst waits, nodelay does not, and both refuse the same request", () => {
    const answers = observed("burst-nodelay");
    expect(answers.map(({ nginx }) => nginx?.limitReqStatus)).toEqual([
      ...["PASSED", "DELAYED", "DELAYED", "REJECTED"],
      ...["PASSED", "PASSED", "PASSED", "REJECTED"],
    ]);
    // The third came at 20 ms and waits until its excess of 1.980 has drained: 1980 ms.
    expect((answers[2].ms ?? 0) - (answers[0].ms ?? 0)).toBeCloseTo(1980, 0);
    expect(answers[6].ms).toBeCloseTo(answers[4].ms ?? 0, 0);
    expect(answers[7].status).toBe(429);
  });

  it("a Content-Length above client_max_body_size is 413 before the application", () => {
    const [refused, taken] = observed("body-too-large");
    expect([refused.status, refused.by, refused.wsgi]).toEqual([413, "nginx", undefined]);
    expect([taken.status, taken.wsgi?.CONTENT_LENGTH]).toEqual([201, "2000000"]);
  });

  it("stale pages are served at once while one request refreshes", () => {
    const answers = observed("stale-while-updating");
    expect(answers.map(({ nginx }) => nginx?.cacheStatus)).toEqual([
      ...["MISS", "EXPIRED"],
      ...["MISS", "STALE", "UPDATING"],
    ]);
    expect(answers[1].ms).toBeGreaterThan(600);
    expect(answers[3].ms).toBeLessThan(200);
    expect(answers[4].ms).toBeLessThan(200);
  });

  it("an absolute redirect names the port that nginx listens on", () => {
    const [leaks, plain] = observed("port-in-redirect");
    expect(headerOf(leaks, "location")).toBe("http://www.example.com:8080/static/");
    expect(headerOf(plain, "location")).toBe("/static/");
  });
});
