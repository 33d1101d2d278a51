// @vitest-environment happy-dom
// The panel at steps of each kind: what it shows under each tab.
import { act, cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { StepPanel } from "../../../src/ui/panels/StepPanel.tsx";
import { seek } from "../../../src/ui/playback/playhead.ts";
import type { Tab } from "../../../src/ui/session/view.ts";
import { fixtureJourney } from "../fixtures/journey.ts";
import { freshSessionAt, renderIn, sessionAt } from "../fixtures/session.tsx";

afterEach(cleanup);

const steps = fixtureJourney().steps;
const stepTitled = (title: string): number => steps.findIndex((step) => step.title === title);

async function panelAt(title: string, tab: Tab = "why") {
  const session = await sessionAt(stepTitled(title));
  session.view.setState({ tab });
  renderIn(session, <StepPanel />);
  // A tab loads when it is opened for the first time.
  await act(async () => {
    await Promise.all([
      import("../../../src/ui/panels/MessageTab.tsx"),
      import("../../../src/ui/panels/LogTab.tsx"),
      import("../../../src/ui/panels/StateTab.tsx"),
      import("../../../src/ui/panels/TimingTab.tsx"),
    ]);
  });
  return session;
}

describe("the panel", () => {
  it("says what happened, and follows the playhead", async () => {
    const session = await panelAt("Nginx picks the location");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Nginx picks the location");
    act(() => seek(session.playhead, 0));
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("You press Enter");
    expect(screen.getByText("step 1 of 46")).toBeTruthy();
  });

  it("shows the line that decided and the candidates that lost", async () => {
    await panelAt("Nginx picks the location");
    expect(screen.getByText("decided by line 13")).toBeTruthy();
    const lit = document.querySelector(".code-line.is-lit");
    expect(lit?.textContent).toBe("13location / {");
    const chosen = document.querySelector("tr.is-chosen");
    expect(chosen?.textContent).toBe("location /longest prefix: 1 character");
    expect(screen.getByText("not equal")).toBeTruthy();
  });

  it("opens the file that decided", async () => {
    const session = await panelAt("Nginx picks the location");
    fireEvent.click(screen.getByRole("button", { name: "/etc/nginx/nginx.conf" }));
    expect(session.view.getState().file).toBe("/etc/nginx/nginx.conf");
  });

  it("says so when no file decided", async () => {
    await panelAt("You press Enter");
    expect(screen.getByText(/No file decided this/)).toBeTruthy();
    expect(screen.getByText("In an interview")).toBeTruthy();
  });

  it("holds the rule's place until the machines are there, and takes no word back", async () => {
    const session = await freshSessionAt(stepTitled("Nginx writes its log line"));
    renderIn(session, <StepPanel />);
    const rows = () => [...document.querySelectorAll("tr")].map((row) => row.textContent);
    const known = ["In the statebefore", "Thenafter"];
    expect(rows()).toEqual(["Who", known[0], "When", known[1], "Source"]);
    await act(() => session.list());
    const [who, when] = ["WhoOne request in Nginx.", "Whenthe response is sent"];
    expect(rows()).toEqual([who, known[0], when, known[1], "Sourcengx_http_request.c"]);
  });

  it("chooses tabs with the arrow keys", async () => {
    const session = await panelAt("You press Enter");
    fireEvent.keyDown(screen.getByRole("tablist"), { key: "ArrowRight" });
    expect(session.view.getState().tab).toBe("message");
    fireEvent.keyDown(screen.getByRole("tablist"), { key: "End" });
    expect(session.view.getState().tab).toBe("timing");
  });
});

describe("the message", () => {
  it("of the DNS has fields and bytes", async () => {
    await panelAt("The resolver asks a root server", "message");
    expect(screen.getByText("www.example.com. IN A")).toBeTruthy();
    expect(document.querySelector(".hex")?.textContent).toMatch(/^0000 {2}00 25 4a/);
  });

  it("of TLS has records", async () => {
    await panelAt("The browser proposes versions, ciphers and names the site", "message");
    expect(screen.getByText("517 bytes")).toBeTruthy();
  });

  it("of HTTP has its head", async () => {
    await panelAt("Nginx picks the location", "message");
    expect(screen.getByText("Host")).toBeTruthy();
  });

  it("of the database has its SQL", async () => {
    await panelAt("PostgreSQL runs the query", "message");
    expect(screen.getAllByText("SELECT")[0].className).toBe("code-keyword");
  });

  it("at the end is the page, in a frame without rights", async () => {
    await panelAt("The page is there", "message");
    const frame = document.querySelector("iframe");
    expect(frame?.getAttribute("sandbox")).toBe("");
    expect(frame?.getAttribute("srcdoc")).not.toContain("script");
  });

  it("is the last one where a step has none", async () => {
    await panelAt("The kernel queues the connection", "message");
    expect(screen.getByText(/The last message is from step/)).toBeTruthy();
  });
});

describe("state, log and timing", () => {
  it("draw the machine with the step's transition", async () => {
    await panelAt("Nginx picks the location", "state");
    expect(screen.getByText("It is done.")).toBeTruthy();
    expect(document.querySelector(".state.is-current")?.textContent).toBe("after");
    expect(document.querySelectorAll(".edge.is-taken")).toHaveLength(1);
    expect(screen.getByText("keep-alive ends")).toBeTruthy();
  });

  it("show the lines written by now, and lead to their step", async () => {
    const session = await panelAt("The page is there", "log");
    const line = screen.getByRole("button", { name: /GET \/products\/42\// });
    fireEvent.click(line);
    expect(session.playhead.getState().step).toBe(stepTitled("Nginx writes its log line"));
  });

  it("show no line before the first is written", async () => {
    await panelAt("You press Enter", "log");
    expect(screen.getByText(/No program has written a line yet/)).toBeTruthy();
  });

  it("say where the time went up to now", async () => {
    await panelAt("Nginx picks the location", "timing");
    const rows = [...document.querySelectorAll(".timings tbody tr")].map((row) => row.textContent);
    expect(rows.some((row) => row?.startsWith("DNSDNS1 ms30 ms"))).toBe(true);
    expect(rows.some((row) => row?.includes("Django"))).toBe(false);
  });
});
