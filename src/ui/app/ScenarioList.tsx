// What the picker opens: the scenarios under the headings of their groups, and, when there are many, a
// field that leaves only those whose words were typed. Arrow keys walk over field and scenarios.
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import type { ScenarioEntry } from "../../worker/protocol.ts";

export interface ScenarioListProps {
  readonly scenarios: readonly ScenarioEntry[];
  readonly current: string | undefined;
  readonly onChoose: (id: string) => void;
}

/** From so many on, looking through the list is slower than typing a word. */
const MANY = 10;

export function ScenarioList({ scenarios, current, onChoose }: ScenarioListProps) {
  const [query, setQuery] = useState("");
  const root = useRef<HTMLFormElement>(null);
  const groups = useMemo(() => groupsOf(scenarios, query), [scenarios, query]);
  const found = groups.flatMap(([, entries]) => entries);
  useEffect(() => {
    root.current?.querySelector("[aria-current=true]")?.scrollIntoView?.({ block: "center" });
    // Where there is a mouse there is a keyboard to type on; elsewhere one would cover the list.
    if (globalThis.matchMedia?.("(hover: hover)").matches)
      root.current?.querySelector<HTMLElement>("input")?.focus({ preventScroll: true });
  }, []);
  return (
    <form
      ref={root}
      onKeyDown={walk}
      onSubmit={(event) => {
        event.preventDefault();
        if (found.length > 0) onChoose(found[0].id);
      }}
    >
      {scenarios.length >= MANY && (
        <div className="scenario-search">
          <input
            className="field"
            type="search"
            data-stop
            aria-label="Find a scenario"
            placeholder="cache, 502, burst …"
            value={query}
            onChange={({ target }) => setQuery(target.value)}
          />
          <p role="status" className="quiet">
            {found.length === scenarios.length
              ? `${scenarios.length} scenarios`
              : `${found.length} of ${scenarios.length} scenarios`}
          </p>
        </div>
      )}
      {groups.map(([group, entries]) => (
        <section key={group} aria-label={group}>
          <h2 className="scenario-group">{group}</h2>
          <ul>
            {entries.map(({ id, title, sentence }) => (
              <li key={id}>
                <button
                  type="button"
                  className="scenario"
                  data-stop
                  aria-current={id === current ? "true" : undefined}
                  onClick={() => onChoose(id)}
                >
                  <span className="scenario-title">{title}</span>
                  <span className="scenario-sentence">{sentence}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </form>
  );
}

/** The groups in the library's order, each with the scenarios in which every typed word occurs. */
export function groupsOf(
  scenarios: readonly ScenarioEntry[],
  query: string,
): readonly (readonly [group: string, entries: readonly ScenarioEntry[]])[] {
  const words = query.toLowerCase().split(/\s+/);
  const groups = new Map<string, ScenarioEntry[]>();
  for (const entry of scenarios) {
    const text = `${entry.title} ${entry.sentence} ${entry.group} ${entry.id}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  }
  return [...groups];
}

/** Moves the focus over the field and the scenarios; the journey's own keys stay out of it. */
function walk(event: KeyboardEvent<HTMLFormElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-stop]")];
  const at = stops.indexOf(document.activeElement as HTMLElement);
  const isTyping = document.activeElement instanceof HTMLInputElement;
  const to = target(event.key, at, stops.length, isTyping);
  if (to === null) return;
  event.preventDefault();
  stops[to]?.focus();
}

function target(key: string, at: number, count: number, isTyping: boolean): number | null {
  if (key === "ArrowDown") return Math.min(at + 1, count - 1);
  if (key === "ArrowUp") return Math.max(at - 1, 0);
  if (isTyping) return null;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : null;
}
