// The reference: tables and lists to look things up in. Every entry opens the scenario and the step that
// shows it.
import { CopyButton } from "../app/CopyButton.tsx";
import { useSession } from "../app/session-context.ts";
import { plainSpec } from "../session/session.ts";
import { CodeLine } from "../widgets/CodeLine.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import {
  interviewAnswer,
  type ReferenceCommands,
  type ReferenceList,
  type ReferenceSection,
  type ReferenceTable,
  sections,
} from "./content.ts";
import { type TargetName, targets } from "./targets.ts";

export function ReferencePage() {
  return (
    <div className="reference">
      <header className="reference-head">
        <h1>Reference</h1>
        <p>Each entry opens the step that shows it.</p>
        <figure className="answer">
          <figcaption>The one-line interview answer</figcaption>
          <blockquote>“{interviewAnswer}”</blockquote>
          <CopyButton text={interviewAnswer} />
        </figure>
      </header>
      <nav className="reference-index" aria-label="On this page">
        <ul>
          {sections.map(({ id, title }) => (
            <li key={id}>
              <button
                type="button"
                className="link-button"
                onClick={() => document.getElementById(id)?.scrollIntoView()}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
      </nav>
      <div className="reference-sections">
        {sections.map((section) => (
          <section
            key={section.id}
            id={section.id}
            className={`reference-section is-${section.kind}`}
          >
            <h2>{section.title}</h2>
            <SectionBody section={section} />
          </section>
        ))}
      </div>
    </div>
  );
}

function SectionBody({ section }: { readonly section: ReferenceSection }) {
  switch (section.kind) {
    case "table":
      return <Table section={section} />;
    case "list":
      return <List section={section} />;
    case "commands":
      return <Commands section={section} />;
  }
}

interface OpenProps {
  readonly target: TargetName;
  readonly children: string;
  readonly className?: string;
}

/** Opens the step that shows the entry. */
function Open({ target, children, className = "link-button" }: OpenProps) {
  const session = useSession();
  const { scenario, step } = targets[target];
  return (
    <button
      type="button"
      className={className}
      onClick={() => void session.open(plainSpec(scenario), step)}
    >
      {children}
    </button>
  );
}

function Table({ section }: { readonly section: ReferenceTable }) {
  return (
    <table className="reference-table">
      <thead>
        <tr>
          {section.columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {section.rows.map(({ cells: [name, ...rest], target, note }) => (
          <tr key={`${name} ${rest.join()}`}>
            <th scope="row">{name}</th>
            {rest.map((cell, i) => (
              <td key={cell}>
                {i === 0 ? <Open target={target}>{cell}</Open> : cell}
                {i === rest.length - 1 && note !== undefined && (
                  <span className="reference-note">{note}</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function List({ section }: { readonly section: ReferenceList }) {
  const Tag = section.isOrdered ? "ol" : "ul";
  return (
    <Tag className="reference-list">
      {section.items.map(({ text, target, depth }) => (
        <li key={text} className={depth === 1 ? "is-inner" : ""}>
          <Open target={target}>{text}</Open>
        </li>
      ))}
    </Tag>
  );
}

function Commands({ section }: { readonly section: ReferenceCommands }) {
  return section.blocks.map(({ title, language, text, target }) => (
    <figure key={title} className="command">
      <figcaption>{title}</figcaption>
      <ScrollRegion className="code" label={title}>
        {text.split("\n").map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number.
          <div key={i} className="code-line">
            <CodeLine text={line} language={language} />
          </div>
        ))}
      </ScrollRegion>
      <div className="command-foot">
        <Open target={target} className="button">
          Show it at work
        </Open>
        <CopyButton text={text} />
      </div>
    </figure>
  ));
}
