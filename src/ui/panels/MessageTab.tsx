// The message itself, as it is: DNS fields and bytes, TLS records, HTTP heads and bodies, SQL, the page.
import { Fragment, lazy, type ReactNode, Suspense } from "react";
import type { Field, Message } from "../../layers/layer.ts";
import type { Journey, Step } from "../../simulation/journey.ts";
import { requestOf } from "../session/time-window.ts";
import { CodeLine } from "../widgets/CodeLine.tsx";
import { ScrollRegion } from "../widgets/ScrollRegion.tsx";
import { hexDump } from "./hex-dump.ts";
import { PageFrame } from "./PageFrame.tsx";
import type { TabProps } from "./StepPanel.tsx";

/** Few journeys have frames of HTTP/2. */
const Http2Frames = lazy(async () => ({
  default: (await import("./Http2Frames.tsx")).Http2Frames,
}));

export function MessageTab({ journey, step }: TabProps) {
  const source = stepWithMessages(journey, step);
  if (source === null) return <p className="empty">Nothing has been said yet.</p>;
  return (
    <>
      {source !== step && (
        <p className="empty">
          Nothing new at this step. The last message is from step {source.index + 1}.
        </p>
      )}
      {source.messages.map((message, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the messages of a step are told apart by place.
        <section key={i} className="message">
          <h2 className="message-title">{message.title}</h2>
          <MessageBody message={message} />
        </section>
      ))}
    </>
  );
}

/** This step, or the last before it that carried something for the same request. */
function stepWithMessages(journey: Journey, step: Step): Step | null {
  const request = requestOf(journey, step.index)?.index ?? step.request;
  const found = journey.steps
    .slice(0, step.index + 1)
    .findLast((item) => item.messages.length > 0 && item.request === request);
  return found ?? null;
}

function MessageBody({ message }: { readonly message: Message }) {
  switch (message.kind) {
    case "dns":
      return (
        <>
          <Fields fields={message.fields} />
          <ScrollRegion className="hex" label="The bytes of the message">
            <pre>{hexDump(message.bytes)}</pre>
          </ScrollRegion>
        </>
      );
    case "segment":
    case "table":
      return <Fields fields={message.fields} />;
    case "tls":
      return message.records.map((record, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: records are told apart by place.
        <details key={i} className="record" open={i === 0 || message.records.length < 4}>
          <summary>
            {record.title} <span className="quiet">{record.bytes} bytes</span>
          </summary>
          <Fields fields={record.fields} />
        </details>
      ));
    case "http2":
      return (
        <Suspense fallback={null}>
          <Http2Frames message={message} />
        </Suspense>
      );
    case "http":
      return <HttpMessage message={message} />;
    case "sql":
      return (
        <>
          <div className="code is-wrapped">
            <CodeLine text={message.sql} language="sql" />
          </div>
          <Fields fields={message.fields} />
        </>
      );
    case "page":
      return <PageFrame url={message.url} html={message.html} status={message.status} />;
  }
}

/** Longest part of a body that is shown. */
const BODY_CHARACTERS_MAX = 4_000;

function HttpMessage({ message }: { readonly message: Extract<Message, { kind: "http" }> }) {
  const { head, body, bodyBytes } = message;
  const lines = head.replace(/(\r?\n)+$/, "").split(/\r?\n/);
  return (
    <>
      <div className="code is-wrapped">
        {lines.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header may come twice.
          <div key={i} className="code-line">
            <CodeLine text={line} language="http" />
          </div>
        ))}
      </div>
      {bodyBytes > 0 && (
        <p className="message-size">
          {body === undefined ? "Body not shown: " : "Body: "}
          {bodyBytes.toLocaleString("en")} bytes
        </p>
      )}
      {body !== undefined && body !== "" && (
        <pre className="body">
          {body.slice(0, BODY_CHARACTERS_MAX)}
          {body.length > BODY_CHARACTERS_MAX && "…"}
        </pre>
      )}
    </>
  );
}

export function Fields({ fields }: { readonly fields: readonly Field[] }) {
  if (fields.length === 0) return null;
  return (
    <dl className="fields">
      {fields.map(({ name, value, note }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a field may come twice.
        <div key={i}>
          <dt>{breakable(name)}</dt>
          <dd>
            {value === "" ? <span className="quiet">empty</span> : value}
            {note !== undefined && <span className="field-note">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A long name goes on in the next line after an underscore, not in the middle of a word. */
function breakable(name: string): readonly ReactNode[] {
  return name.split(/(?<=_)/).map((part, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name that never changes.
    <Fragment key={i}>
      {part}
      <wbr />
    </Fragment>
  ));
}
