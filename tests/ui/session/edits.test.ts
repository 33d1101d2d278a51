// Changes to texts and the way back, what is kept of them in the browser, and what is said when they
// hold the simulator up.
import { describe, expect, it } from "vitest";
import {
  DRAFT_CHARACTERS_MAX,
  draftKey,
  keepDraft,
  readDraft,
} from "../../../src/ui/session/drafts.ts";
import {
  change,
  editedTexts,
  redo,
  startEdits,
  type,
  undo,
  withText,
} from "../../../src/ui/session/edits.ts";
import { placesText } from "../../../src/ui/session/trouble.ts";

const A = "/etc/nginx/nginx.conf";
const B = "/srv/app/settings.py";

describe("edits", () => {
  it("go back and forth across files", () => {
    const one = change(startEdits({}), { [A]: "a" });
    const two = change(one, { [A]: "a", [B]: "b" });
    expect(undo(two).changes).toEqual({ [A]: "a" });
    expect(undo(undo(two)).changes).toEqual({});
    expect(undo(undo(undo(two))).changes).toEqual({});
    expect(redo(undo(two)).changes).toEqual({ [A]: "a", [B]: "b" });
    expect(redo(two)).toBe(two);
  });

  it("forget what was undone once something else is changed", () => {
    const edits = change(undo(change(startEdits({}), { [A]: "a" })), { [A]: "other" });
    expect(redo(edits).changes).toEqual({ [A]: "other" });
  });

  it("take typing on in one file for one change, until there is a pause", () => {
    const typed = (text: string, atMs: number, edits = startEdits({})) =>
      type(edits, { path: A, changes: { [A]: text }, atMs });
    const word = typed("abc", 300, typed("ab", 200, typed("a", 0)));
    expect(word.past).toHaveLength(1);
    expect(undo(word).changes).toEqual({});
    expect(undo(typed("abcd", 5_000, word)).changes).toEqual({ [A]: "abc" });
  });

  it("are none where the text is the original again", () => {
    expect(withText({ [A]: "x" }, "original", { path: A, text: "original" })).toEqual({});
    expect(withText({}, "original", { path: A, text: null })).toEqual({ [A]: null });
    expect(withText({ [B]: "new" }, null, { path: B, text: null })).toEqual({});
  });
});

describe("the texts as they are now", () => {
  const original = { path: A, title: A, language: "nginx", text: "old", diagnostics: [] } as const;

  it("have changes, without what was removed and with what was added", () => {
    const texts = editedTexts([original], { [A]: "new", [B]: "DEBUG = True\n" }, []);
    expect(texts.map(({ path, text, original: was }) => [path, text, was])).toEqual([
      [A, "new", "old"],
      [B, "DEBUG = True\n", null],
    ]);
    expect(texts[1].language).toBe("python");
    expect(editedTexts([original], { [A]: null }, [])).toEqual([]);
  });

  it("have what the programs said last", () => {
    const diagnostic = { severity: "error", message: "[emerg] …", file: A, line: 1 } as const;
    const [text] = editedTexts([original], {}, [{ ...original, diagnostics: [diagnostic] }]);
    expect(text.diagnostics).toEqual([diagnostic]);
  });
});

describe("a draft", () => {
  function storage(kept: Record<string, string> = {}) {
    return {
      kept,
      getItem: (key: string) => kept[key] ?? null,
      setItem(key: string, value: string) {
        kept[key] = value;
      },
      removeItem(key: string) {
        delete kept[key];
      },
    };
  }
  const key = draftKey({ scenario: "first-visit" });

  it("is kept until there are no changes", () => {
    const store = storage();
    expect(keepDraft(store, key, { [A]: "x", [B]: null })).toBe(true);
    expect(readDraft(store, key)).toEqual({ [A]: "x", [B]: null });
    keepDraft(store, key, {});
    expect(store.kept).toEqual({});
  });

  it("of another scenario, or of another text of one's own, is another", () => {
    const own = (text: string) => draftKey({ scenario: "own", own: text });
    expect(new Set([key, own("{}"), own("[]")]).size).toBe(3);
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '{"v":2,"changes":{"/a":"b"}}',
    '{"v":1,"changes":[]}',
    '{"v":1,"changes":{}}',
    '{"v":1,"changes":{"/a":7}}',
  ])("that is broken (%s) is as if it were not there", (text) => {
    expect(readDraft(storage({ [key]: text }), key)).toBeNull();
  });

  it("that is too large is not kept, and a browser that refuses is no failure", () => {
    const store = storage();
    expect(keepDraft(store, key, { [A]: "x".repeat(DRAFT_CHARACTERS_MAX) })).toBe(false);
    expect(store.kept).toEqual({});
    const refuse = () => {
      throw new Error("denied");
    };
    const refusing = { getItem: refuse, setItem: refuse, removeItem: refuse };
    expect(keepDraft(refusing, key, { [A]: "x" })).toBe(false);
    expect(readDraft(refusing, key)).toBeNull();
  });
});

describe("where the trouble is", () => {
  const original = (path: string) => (path === A ? "one\ntwo\n" : null);

  it("is the first line that is new since the last run that ended", () => {
    expect(placesText({}, { [A]: "one\nthree\n", [B]: "x" }, original)).toBe(
      `What changed since the last run that ended: ${A}:2, ${B}:1.`,
    );
  });

  it("is not said when nothing changed", () => {
    expect(placesText({ [A]: "x" }, { [A]: "x" }, original)).toBe("");
  });
});
