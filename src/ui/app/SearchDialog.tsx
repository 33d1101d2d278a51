// Search the steps: by words of their texts, messages, files and verdicts.
import { useMemo, useState } from "react";
import { tintOf } from "../diagram/places.ts";
import { jumpTo } from "../playback/playhead.ts";
import { searchSteps } from "../session/steps.ts";
import { Dialog } from "../widgets/Dialog.tsx";
import type { DialogContentProps } from "./Dialogs.tsx";
import { layerNames } from "./layer-names.ts";
import { useJourney, useSession } from "./session-context.ts";

export function SearchDialog({ onClose }: DialogContentProps) {
  const session = useSession();
  const journey = useJourney();
  const [query, setQuery] = useState("");
  const found = useMemo(
    () => (journey === null ? [] : searchSteps(journey, query)),
    [journey, query],
  );
  if (journey === null) return null;
  const shown = query.trim() === "" ? journey.steps.map(({ index }) => index) : found;

  function open(index: number): void {
    jumpTo(session.playhead, index);
    onClose();
  }

  return (
    <Dialog title="Search the steps" onClose={onClose} isWide>
      <form
        className="search-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (shown.length > 0) open(shown[0]);
        }}
      >
        <input
          className="field"
          type="search"
          data-first-focus
          aria-label="Words to look for"
          placeholder="location, csrf, 200, settings.py …"
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <p role="status" className="quiet">
          {shown.length} of {journey.steps.length} steps
        </p>
      </form>
      <ol className="found">
        {shown.map((index) => {
          const step = journey.steps[index];
          return (
            <li key={index}>
              <button
                type="button"
                className={`found-step tint-${tintOf(step.layer)}`}
                onClick={() => open(index)}
              >
                <span className="found-number">{index + 1}</span>
                <span className="found-layer">{layerNames[step.layer]}</span>
                <span className="found-title">{step.title}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </Dialog>
  );
}
