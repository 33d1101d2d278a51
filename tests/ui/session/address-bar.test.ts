// The address bar and the screen: each follows the other, and neither overwrites what just came.
import { expect, it, vi } from "vitest";
import { stepBy } from "../../../src/ui/playback/playhead.ts";
import { bindAddressBar } from "../../../src/ui/session/address-bar.ts";
import { sessionAt } from "../fixtures/session.tsx";

async function bound() {
  const session = await sessionAt(3);
  const bar = { fragment: "#before", task: (): void => {}, changed: (): void => {} };
  bindAddressBar(session, {
    fragment: () => bar.fragment,
    replace: (fragment) => {
      bar.fragment = fragment;
    },
    onChange: (listener) => {
      bar.changed = listener;
    },
    later: (task) => {
      bar.task = task;
      return () => {
        bar.task = () => {};
      };
    },
  });
  return { session, bar };
}

it("gets the link of the step that is shown, and of the next", async () => {
  const { session, bar } = await bound();
  stepBy(session.playhead, 1);
  bar.task();
  await vi.waitFor(() => expect(bar.fragment).toMatch(/^#v1=/));
  const first = bar.fragment;
  stepBy(session.playhead, 1);
  bar.task();
  await vi.waitFor(() => expect(bar.fragment).not.toBe(first));
});

it("keeps a link that comes while the one of the screen is made", async () => {
  const { session, bar } = await bound();
  const openLink = vi.spyOn(session, "openLink").mockResolvedValue();
  const link = vi.spyOn(session, "link");
  stepBy(session.playhead, 1);
  bar.task();
  bar.fragment = "#v1=pasted";
  await link.mock.results[0].value;
  await Promise.resolve();
  expect(bar.fragment).toBe("#v1=pasted");
  bar.changed();
  expect(openLink).toHaveBeenCalledWith("#v1=pasted");
});
