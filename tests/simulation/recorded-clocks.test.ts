// The book of clocks: how each wait ended, from what is told of settings and cancelled events.
import { expect, it } from "vitest";
import { NO_EVENT } from "../../src/kernel/event-queue.ts";
import { createClockBook } from "../../src/simulation/recorded-clocks.ts";

const setting = (deadline: number, handle = NO_EVENT) => ({
  ...{ entity: 7, name: "timeout", deadline, handle, facts: {} },
});

it("stops a clock whose event is cancelled before its deadline", () => {
  const book = createClockBook();
  book.set(setting(100, 5), 0, 10);
  book.cancelled(5, 40);
  expect(book.clocks).toMatchObject([{ setAt: 10, endedAt: 40, end: "stopped" }]);
});

it("calls a clock put off that is cancelled and set again at one moment", () => {
  const book = createClockBook();
  book.set(setting(100, 5), 0, 10);
  book.cancelled(5, 40);
  book.set(setting(130, 6), 0, 40);
  expect(book.clocks.map(({ end }) => end)).toEqual(["reset", null]);
});

it("leaves a clock alone whose event has happened: it has fired at its deadline", () => {
  const book = createClockBook();
  book.set(setting(100, 5), 0, 10);
  book.ends(7, "timeout", { fired: false, now: 150 });
  expect(book.clocks).toMatchObject([{ endedAt: null, end: null }]);
});

it("lets a program that looks now and then say itself that its clock is over", () => {
  const book = createClockBook();
  book.set(setting(100), 0, 10);
  book.ends(7, "timeout", { fired: true, now: 120 });
  expect(book.clocks).toMatchObject([{ endedAt: 120, end: "fired" }]);
});
