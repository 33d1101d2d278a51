// The texts of the run as they stand, asked for anew after every change; and what was typed and is not in
// the run yet, which the programs read beside it after each pause in typing.
import { useCallback, useEffect, useState } from "react";
import type { RunText } from "../../../simulation/traffic/run-texts.ts";
import type { TextDraft } from "../../../worker/traffic-protocol.ts";
import type { TrafficRun } from "../../session/traffic-run.ts";
import { useTraffic } from "../traffic-context.ts";

/** A pause in typing after which the programs are asked, in milliseconds. */
const CHECK_DELAY_MS = 400;

export interface RunTexts {
  readonly texts: readonly RunText[];
  /** What belongs to no line, or why nothing could be asked. */
  readonly problems: readonly string[];
  readonly draft: TextDraft | null;
  readonly type: (path: string, text: string) => void;
  readonly discard: () => void;
}

export function useRunTexts(run: TrafficRun): RunTexts {
  const [texts, setTexts] = useState<readonly RunText[]>([]);
  const [problems, setProblems] = useState<readonly string[]>([]);
  const [draft, setDraft] = useState<TextDraft | null>(null);
  const settings = useTraffic(run, (state) => state.settings);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other settings mean other texts.
  useEffect(() => {
    let isWanted = true;
    const ask = (): void => {
      run.texts(draft).then(
        (answer) => {
          if (!isWanted) return;
          setTexts(answer.texts);
          setProblems(answer.problems);
        },
        (error: Error) => isWanted && setProblems([error.message]),
      );
    };
    const timer = setTimeout(ask, draft === null ? 0 : CHECK_DELAY_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [run, draft, settings]);
  const type = useCallback((path: string, text: string) => setDraft({ path, text }), []);
  const discard = useCallback(() => setDraft(null), []);
  return { texts, problems, draft, type, discard };
}
