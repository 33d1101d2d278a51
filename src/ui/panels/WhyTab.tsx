// Why it went this way: the line of the real file that decided, and the candidates that lost.
import { lazy, Suspense } from "react";
import type { Alternative, Cause } from "../../layers/layer.ts";
import type { Journey, JourneyFile } from "../../simulation/journey.ts";
import { useSession } from "../app/session-context.ts";
import { requestOf } from "../session/time-window.ts";
import { CodeLine } from "../widgets/CodeLine.tsx";
import { Icon } from "../widgets/Icon.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import { RuleOfStep } from "./RuleOfStep.tsx";
import type { TabProps } from "./StepPanel.tsx";

const DjangoInside = lazy(() =>
  import("./DjangoInside.tsx").then((m) => ({ default: m.DjangoInside })),
);

export function WhyTab({ journey, step }: TabProps) {
  const { cause, alternatives, layer } = step;
  const isInside = layer === "django" || layer === "database";
  const request = isInside ? requestOf(journey, step.index)?.index : undefined;
  const story = journey.django.find((candidate) => candidate.request === request);
  return (
    <>
      {cause !== undefined && <Excerpt journey={journey} cause={cause} />}
      {alternatives.length > 0 && <Alternatives journey={journey} items={alternatives} />}
      {cause === undefined && alternatives.length === 0 && (
        <RuleOfStep journey={journey} step={step} />
      )}
      {story !== undefined && (
        <Suspense fallback={null}>
          <DjangoInside story={story} step={step} />
        </Suspense>
      )}
    </>
  );
}

/** Lines shown before and after the ones that decided. */
const CONTEXT_LINES = 4;

function Excerpt({ journey, cause }: { readonly journey: Journey; readonly cause: Cause }) {
  const session = useSession();
  const file = journey.files.find(({ path }) => path === cause.file);
  if (file === undefined)
    return (
      <p className="empty">
        Decided by <code>{cause.file}</code>: {cause.note}
      </p>
    );
  const endLine = cause.endLine ?? cause.line;
  return (
    <figure className="excerpt">
      <figcaption className="excerpt-head">
        <button
          type="button"
          className="excerpt-file"
          onClick={() => session.view.setState({ file: file.path })}
        >
          {shortTitle(file.title)}
        </button>
        <span className="excerpt-note">decided by line {cause.line}</span>
      </figcaption>
      <ExcerptLines file={file} line={cause.line} endLine={endLine} />
      <p className="excerpt-why">{cause.note}</p>
    </figure>
  );
}

/** As much of a path as fits beside the note. */
const TITLE_CHARACTERS_MAX = 26;

/** A long path from its end: the file's own name says most. */
function shortTitle(title: string): string {
  if (title.length <= TITLE_CHARACTERS_MAX) return title;
  const end = title.slice(-TITLE_CHARACTERS_MAX);
  return `…${end.slice(Math.max(0, end.indexOf("/")))}`;
}

interface ExcerptLinesProps {
  readonly file: JourneyFile;
  readonly line: number;
  readonly endLine: number;
}

function ExcerptLines({ file, line, endLine }: ExcerptLinesProps) {
  const lines = file.text.trimEnd().split("\n");
  const first = Math.max(1, line - CONTEXT_LINES);
  const last = Math.min(lines.length, Math.min(endLine, line + 8) + CONTEXT_LINES);
  const shown = lines.slice(first - 1, last);
  const indent = commonIndent(shown);
  return (
    <ScrollRegion className="code" label={`Lines ${first} to ${last} of ${file.title}`}>
      {shown.map((text, i) => {
        const number = first + i;
        const isLit = number >= line && number <= endLine;
        return (
          <div key={number} className={`code-line ${isLit ? "is-lit" : ""}`}>
            <span className="line-number">{number}</span>
            <CodeLine text={text.slice(indent)} language={file.language} />
          </div>
        );
      })}
    </ScrollRegion>
  );
}

/** Spaces that every line begins with: left out, so that more of a narrow panel shows text. */
function commonIndent(lines: readonly string[]): number {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  return indents.length === 0 ? 0 : Math.min(...indents);
}

interface AlternativesProps {
  readonly journey: Journey;
  readonly items: readonly Alternative[];
}

function Alternatives({ journey, items }: AlternativesProps) {
  const session = useSession();
  const isChoice = items.some(({ chosen }) => chosen);
  return (
    <table className="alternatives">
      <caption>What was weighed</caption>
      <thead className="is-unseen">
        <tr>
          <th scope="col">Candidate</th>
          <th scope="col">Verdict</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ text, verdict, chosen, cause }, i) => {
          const isOpenable =
            cause !== undefined && journey.files.some((file) => file.path === cause.file);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: two candidates may read the same.
            <tr key={i} className={chosen ? "is-chosen" : ""}>
              <td>
                <Icon name={chosen ? "check" : isChoice ? "cross" : "minus"} />
                {isOpenable ? (
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => session.view.setState({ file: cause.file })}
                  >
                    {text}
                  </button>
                ) : (
                  text
                )}
              </td>
              <td>{verdict}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
