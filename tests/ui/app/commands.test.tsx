// @vitest-environment happy-dom
// Keys: each does one thing, none twice, and characters can be turned off.
import { cleanup, fireEvent } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { commands, isCharacterKey, keyName } from "../../../src/ui/app/commands.ts";
import { useKeyboard } from "../../../src/ui/app/keyboard.ts";
import type { ZoomControl } from "../../../src/ui/diagram/zoom.ts";
import type { Session } from "../../../src/ui/session/session.ts";
import { renderIn, sessionAt } from "../fixtures/session.tsx";

afterEach(cleanup);

function Keys({ context }: { readonly context: { session: Session; zoom: null } }) {
  useKeyboard(context);
  return <input aria-label="field" />;
}

async function withKeys(step: number): Promise<Session> {
  const session = await sessionAt(step);
  renderIn(session, <Keys context={{ session, zoom: null }} />);
  return session;
}

const press = (key: string, options: object = {}): void => {
  fireEvent.keyDown(document.body, { key, ...options });
};

describe("the keys", () => {
  it("belong to one command each", () => {
    const keys = commands.flatMap((command) => command.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("step, jump and go to the ends", async () => {
    const session = await withKeys(5);
    const step = (): number => session.playhead.getState().step;
    press("ArrowRight");
    expect(step()).toBe(6);
    press("PageUp");
    expect(step()).toBe(5);
    press("]");
    expect(session.journey()?.steps[step()].layer).toBe("tcp");
    press(".");
    expect(session.journey()?.steps[step()].title).toBe("Nginx writes its log line");
    press("End");
    expect(step()).toBe(45);
    press("Home");
    expect(step()).toBe(0);
  });

  it("move the picture when Shift is held, and the step stays", async () => {
    const session = await withKeys(5);
    press("ArrowRight", { shiftKey: true });
    expect(session.playhead.getState().step).toBe(5);
    const [right] = commands.filter(({ keys }) => keys.includes("Shift+ArrowRight"));
    const moved: (readonly number[])[] = [];
    const zoom = { panBy: (...by: readonly number[]) => moved.push(by) } as unknown as ZoomControl;
    right.run({ session, zoom });
    expect(moved).toEqual([[-120, 0]]);
    expect(right.keys.map(keyName)).toEqual(["Shift →"]);
  });

  it("open and close what they name", async () => {
    const session = await withKeys(20);
    press("e");
    expect(session.view.getState().file).toBe("/etc/nginx/nginx.conf");
    press("Escape");
    expect(session.view.getState().file).toBeNull();
    press("p");
    expect(session.view.getState().isPresenting).toBe(true);
    press("Escape");
    expect(session.view.getState().isPresenting).toBe(false);
    press("4");
    expect(session.view.getState().tab).toBe("log");
  });

  it("leave typing, dialogs and the browser's own keys alone", async () => {
    const session = await withKeys(5);
    const field = document.querySelector("input") as HTMLElement;
    fireEvent.keyDown(field, { key: "e" });
    press("e", { ctrlKey: true });
    expect(session.view.getState().file).toBeNull();
    session.view.setState({ dialog: "share" });
    press("ArrowRight");
    expect(session.playhead.getState().step).toBe(5);
  });

  it("that type a character can be turned off; arrows stay", async () => {
    const session = await withKeys(5);
    session.settings.setState({ characterKeys: false });
    press("e");
    expect(session.view.getState().file).toBeNull();
    press("ArrowRight");
    expect(session.playhead.getState().step).toBe(6);
    expect(isCharacterKey("/")).toBe(true);
    expect(isCharacterKey(" ")).toBe(false);
  });

  it("have names for the list", () => {
    expect(keyName("ArrowLeft")).toBe("←");
    expect(keyName("e")).toBe("E");
  });
});
