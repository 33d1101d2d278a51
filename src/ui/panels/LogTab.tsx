// The lines that the real programs would have written by now, by file, the newest lit.
import { useEffect, useRef } from "react";
import type { Journey, LogLine } from "../../simulation/journey.ts";
import { useSession } from "../app/session-context.ts";
import { jumpTo } from "../playback/playhead.ts";
import type { TabProps } from "./StepPanel.tsx";

export function LogTab({ journey, step }: TabProps) {
  const written = journey.logs.filter((line) => line.step <= step.index);
  if (written.length === 0)
    return (
      <p className="empty">
        No program has written a line yet
        {journey.logs.length > 0 && `; the first comes at step ${journey.logs[0].step + 1}`}.
      </p>
    );
  return <Logs written={written} />;
}

interface LogsProps {
  readonly written: Journey["logs"];
}

function Logs({ written }: LogsProps) {
  const session = useSession();
  const logs = useRef<HTMLDivElement>(null);
  const newest = Math.max(0, ...written.map((line) => line.step));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was written last comes into sight.
  useEffect(() => {
    const lit = [...(logs.current?.querySelectorAll(".is-newest") ?? [])];
    lit.at(-1)?.scrollIntoView({ block: "nearest" });
  }, [newest]);
  return (
    <div className="logs" ref={logs}>
      {byStream(written).map(([stream, lines]) => (
        <section key={stream} className="log">
          <h2 className="log-name">{stream}</h2>
          <ol className="log-lines">
            {lines.map((line, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end.
              <li key={i} className={line.step === newest ? "is-newest" : ""}>
                <button
                  type="button"
                  className="log-line"
                  title={
                    line.step < 0
                      ? "Written before the first step"
                      : `Written at step ${line.step + 1}`
                  }
                  onClick={() => jumpTo(session.playhead, line.step)}
                >
                  {line.text}
                </button>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function byStream(lines: readonly LogLine[]): readonly (readonly [string, readonly LogLine[]])[] {
  const streams = new Map<string, LogLine[]>();
  for (const line of lines) {
    const own = streams.get(line.stream);
    if (own === undefined) streams.set(line.stream, [line]);
    else own.push(line);
  }
  return [...streams];
}
