// Which request of the scenario is shown, where there are several: a choice that goes to its first step.
import type { Journey, JourneyRequest, Step } from "../../simulation/journey.ts";
import { jumpTo } from "../playback/playhead.ts";
import { requestOf } from "../session/time-window.ts";
import { useSession } from "./session-context.ts";

export interface RequestsProps {
  readonly journey: Journey;
  readonly step: Step;
}

export function Requests({ journey, step }: RequestsProps) {
  const session = useSession();
  if (journey.requests.length < 2) return null;
  const current = requestOf(journey, step.index)?.index ?? -1;
  return (
    <label className="requests">
      <select
        aria-label="Request"
        value={current}
        onChange={({ target }) => {
          const chosen = Number(target.value);
          const first = journey.steps.find((item) => item.request === chosen);
          if (first !== undefined) jumpTo(session.playhead, first.index);
        }}
      >
        {current < 0 && <option value={-1}>Processes of the server</option>}
        {journey.requests.map((request) => (
          <option key={request.index} value={request.index}>
            {requestText(request)}
          </option>
        ))}
      </select>
    </label>
  );
}

function requestText({ index, method, url, status, error }: JourneyRequest): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]+/, "");
  const asked = `${method === "GET" ? "" : `${method} `}${path === "" ? "/" : path}`;
  return `${index + 1}. ${asked} – ${status ?? error ?? "unanswered"}`;
}
