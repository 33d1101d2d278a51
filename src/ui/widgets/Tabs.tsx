// Tabs after the ARIA pattern: one stop in the tab order, arrow keys choose.
import type { KeyboardEvent } from "react";

export interface TabItem<T extends string> {
  readonly id: T;
  readonly label: string;
  /** A count or mark beside the label. */
  readonly mark?: string;
}

export interface TabsProps<T extends string> {
  readonly items: readonly TabItem<T>[];
  readonly current: T;
  readonly label: string;
  readonly panelId: string;
  readonly onSelect: (id: T) => void;
}

export function Tabs<T extends string>({ items, current, label, panelId, onSelect }: TabsProps<T>) {
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const index = items.findIndex(({ id }) => id === current);
    const moves: Record<string, number> = {
      ArrowRight: (index + 1) % items.length,
      ArrowLeft: (index - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onSelect(items[target].id);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=tab]")[target]?.focus();
  }
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {items.map(({ id, label: name, mark }) => (
        <button
          key={id}
          type="button"
          role="tab"
          id={`${panelId}-${id}`}
          aria-selected={id === current}
          aria-controls={panelId}
          tabIndex={id === current ? 0 : -1}
          className="tab"
          onClick={() => onSelect(id)}
        >
          {name}
          {mark !== undefined && <span className="tab-mark">{mark}</span>}
        </button>
      ))}
    </div>
  );
}
