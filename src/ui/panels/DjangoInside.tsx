// A request inside Django as one list: the middleware with what each changed on the way in and out, the
// patterns with the reason each lost, the queries with their times, the template with its context. What
// is still to come at the playhead is faint; each entry leads to its step.
import type { DjangoLayer, DjangoStory, Step } from "../../simulation/journey.ts";
import { useSession } from "../app/session-context.ts";
import { durationText } from "../diagram/model.ts";
import { jumpTo } from "../playback/playhead.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Fields } from "./MessageTab.tsx";
import "../styles/inside.css";

export interface DjangoInsideProps {
  readonly story: DjangoStory;
  readonly step: Step;
}

export function DjangoInside({ story, step }: DjangoInsideProps) {
  const now = step.index;
  return (
    <section className="inside tint-django" aria-label="This request inside Django">
      <h2>This request inside Django</h2>
      <Layers layers={story.layers} now={now} />
      <Patterns story={story} now={now} />
      <Queries story={story} now={now} />
      <Template story={story} now={now} />
    </section>
  );
}

interface JumpProps {
  readonly step: number;
  readonly now: number;
  readonly children: React.ReactNode;
}

/** An entry that leads to its step: faint before it, marked at it. */
function Jump({ step, now, children }: JumpProps) {
  const session = useSession();
  const state = step === now ? "is-now" : step < 0 || step > now ? "is-to-come" : "";
  return (
    <button
      type="button"
      className={`inside-jump ${state}`}
      aria-current={step === now ? "step" : undefined}
      disabled={step < 0}
      onClick={() => jumpTo(session.playhead, step)}
    >
      {children}
    </button>
  );
}

interface LayersProps {
  readonly layers: readonly DjangoLayer[];
  readonly now: number;
}

function Layers({ layers, now }: LayersProps) {
  return (
    <table className="inside-layers">
      <caption>Middleware: ↓ what it changed on the request, ↑ on the response</caption>
      <tbody>
        {layers.map((layer) => (
          <tr key={layer.name}>
            <th scope="row">{layer.name.replace(/Middleware$/, "")}</th>
            <td>
              <Jump step={layer.inStep} now={now}>
                <span aria-hidden="true">↓ </span>
                <span className="is-unseen">In: </span>
                {inText(layer)}
              </Jump>
              {layer.outStep !== null && (
                <Jump step={layer.outStep} now={now}>
                  <span aria-hidden="true">↑ </span>
                  <span className="is-unseen">Out: </span>
                  {layer.outChange || "nothing"}
                </Jump>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function inText({ inChange, answered }: DjangoLayer): string {
  return answered === null
    ? inChange || "nothing"
    : `answers ${answered} itself: nothing runs inside`;
}

function Patterns({ story, now }: { readonly story: DjangoStory; readonly now: number }) {
  const { patterns, patternsStep, view } = story;
  if (patterns.length === 0) return null;
  return (
    <div className="inside-part">
      <h3>
        <Jump step={patternsStep} now={now}>
          URL patterns, in the order tried
        </Jump>
      </h3>
      <ol className="inside-patterns">
        {patterns.map(({ text, verdict, chosen }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two patterns may read the same.
          <li key={i} className={chosen ? "is-chosen" : ""}>
            <Icon name={chosen ? "check" : "cross"} />
            <span>
              <code>{text}</code> <span className="quiet">{verdict}</span>
            </span>
          </li>
        ))}
      </ol>
      {view !== null && (
        <Jump step={view.step} now={now}>
          The view <code>{view.name}</code>
        </Jump>
      )}
    </div>
  );
}

function Queries({ story, now }: { readonly story: DjangoStory; readonly now: number }) {
  const { queries } = story;
  const made = queries.filter(({ step }) => step <= now).length;
  const tookNs = queries.reduce((sum, query) => sum + (query.tookNs ?? 0), 0);
  const longestNs = Math.max(1, ...queries.map((query) => query.tookNs ?? 0));
  return (
    <div className="inside-part">
      <h3>
        {queries.length === 0
          ? "No query"
          : `${queries.length} ${queries.length === 1 ? "query" : "queries"}, ${durationText(tookNs)} in all`}
        {made < queries.length && <span className="quiet"> · {made} so far</span>}
      </h3>
      <ol className="inside-queries">
        {queries.map(({ sql, step, timeNs, tookNs: took, rows, failed }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same query may be made again.
          <li key={i} value={i + 1} title={`at ${durationText(timeNs)}`}>
            <Jump step={step} now={now}>
              <code>{sql}</code>
              <span className="inside-took">
                {took === null ? "no answer" : durationText(took)}
                {failed ? ", failed" : rows !== null && `, ${rows} ${rows === 1 ? "row" : "rows"}`}
              </span>
              <span
                className="inside-bar"
                style={{ width: `${Math.max(1, ((took ?? 0) / longestNs) * 100)}%` }}
              />
            </Jump>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Template({ story, now }: { readonly story: DjangoStory; readonly now: number }) {
  const { template } = story;
  if (template === null) return null;
  return (
    <div className="inside-part">
      <h3>
        <Jump step={template.step} now={now}>
          Template <code>{template.name}</code>, {template.characters.toLocaleString("en")}{" "}
          characters
        </Jump>
      </h3>
      <Fields fields={template.context} />
    </div>
  );
}
