// Requests of the run to look into: the slowest, the failed, a few at random, or one by its number.
import { useEffect, useState } from "react";
import type { ListedRequest } from "../../../worker/traffic-protocol.ts";
import type { Listing, TrafficRun } from "../../session/traffic-run.ts";
import { countText, millisecondsText } from "../numbers.ts";
import { useTraffic } from "../traffic-context.ts";

const listings: readonly (readonly [Listing, string])[] = [
  ["slowest", "Slowest"],
  ["failed", "Failed"],
  ["random", "Random"],
];

const ROWS = 5;

export interface FindCardProps {
  readonly run: TrafficRun;
  readonly onOpen: (request: number) => void;
  /** The request that is being opened; null for none. */
  readonly opening: number | null;
}

export function FindCard({ run, onOpen, opening }: FindCardProps) {
  const [which, setWhich] = useState<Listing>("slowest");
  const requests = useListing(run, which);
  return (
    <section className="traffic-card find-card" aria-label="Open a request">
      <h2 className="card-title">
        {opening === null ? "Open a request" : `Opening request ${countText(opening)}…`}
      </h2>
      <fieldset className="chart-choice" aria-label="Which requests are listed">
        {listings.map(([id, label]) => (
          <button
            key={id}
            type="button"
            className="chip-button"
            aria-pressed={which === id}
            onClick={() => setWhich(id)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      {requests.length === 0 ? (
        <p className="quiet">{which === "failed" ? "None has failed." : "None has ended yet."}</p>
      ) : (
        <ol className="found-requests">
          {requests.map((found) => (
            <li key={found.request}>
              <button type="button" className="found-request" onClick={() => onOpen(found.request)}>
                <span className="mono">#{countText(found.request)}</span>
                <span className="mono">{millisecondsText(found.latencyMs)}</span>
                <span className="mono">{found.status ?? "no answer"}</span>
                <span className="found-path quiet">{pathOf(found.url)}</span>
              </button>
              {found.tries.length > 1 && <Tries tries={found.tries} onOpen={onOpen} />}
            </li>
          ))}
        </ol>
      )}
      <OpenByNumber onOpen={onOpen} />
      <p className="is-unseen" role="status">
        {opening === null ? "" : `Opening request ${countText(opening)}`}
      </p>
    </section>
  );
}

/** More tries than this are opened by their numbers. */
const TRIES_MAX = 6;

/** The later tries of a request that was sent again: each went its own way. */
function Tries({ tries, onOpen }: Pick<FindCardProps, "onOpen"> & Pick<ListedRequest, "tries">) {
  return (
    <p className="found-tries">
      <span className="quiet">sent again:</span>
      {tries.slice(1, TRIES_MAX).map((request, i) => (
        <button
          key={request}
          type="button"
          className="link-button mono"
          aria-label={`Open try ${i + 2}, request ${countText(request)}`}
          onClick={() => onOpen(request)}
        >
          #{countText(request)}
        </button>
      ))}
    </p>
  );
}

/** Any request of the run by its number: the keyboard's way to a dot. */
function OpenByNumber({ onOpen }: Pick<FindCardProps, "onOpen">) {
  const [text, setText] = useState("");
  const isNumber = /^\d{1,9}$/.test(text);
  return (
    <form
      className="find-number"
      onSubmit={(event) => {
        event.preventDefault();
        if (isNumber) onOpen(Number(text));
      }}
    >
      <input
        className="field"
        inputMode="numeric"
        placeholder="Number"
        aria-label="Number of a request"
        value={text}
        onChange={({ target }) => setText(target.value.replace(/[#,\s]/g, ""))}
      />
      <button type="submit" className="button" aria-disabled={!isNumber}>
        Open
      </button>
    </form>
  );
}

const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]+/, "");

/** The requests listed, asked for anew whenever new results are there. */
function useListing(run: TrafficRun, which: Listing): readonly ListedRequest[] {
  const [requests, setRequests] = useState<readonly ListedRequest[]>([]);
  const results = useTraffic(run, (state) => state.results);
  const status = useTraffic(run, (state) => state.status);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new results mean that there is more to list.
  useEffect(() => {
    if (status !== "ready") return;
    let isWanted = true;
    run.list(which, ROWS).then(
      (found) => isWanted && setRequests(found),
      () => isWanted && setRequests([]),
    );
    return () => {
      isWanted = false;
    };
  }, [run, which, status, which === "random" ? null : results]);
  return requests;
}
