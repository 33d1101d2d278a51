// What each lesson about a crowd tells to try, as settings, and the charts that show what it speaks of. The
// sentences are the scenario's own ("Try …", in their order); here is only what one click does for them.
import type { SettingId, SettingValue } from "../../../simulation/settings/setting.ts";
import type { ChartId } from "../charts/chart-series.ts";

export type TrialSettings = Partial<Readonly<Record<SettingId, SettingValue>>>;

interface LessonOnScreen {
  readonly charts: readonly ChartId[];
  /** One for each sentence of the lesson that begins with "Try". */
  readonly trials: readonly TrialSettings[];
}

/** By the scenario's name in links. */
export const lessonsOnScreen: Readonly<Record<string, LessonOnScreen>> = {
  "too-few-workers": { charts: ["response", "waiting"], trials: [{ workers: 6 }] },
  "too-many-for-the-database": { charts: ["response", "statuses"], trials: [{ workers: 16 }] },
  "slow-endpoint": { charts: ["response", "waiting"], trials: [{ threads: 8 }] },
  "slow-third-party": { charts: ["waiting", "busy"], trials: [{ threads: 8 }] },
  "two-n-plus-one": { charts: ["waiting", "busy"], trials: [{ workers: 3 }, { workers: 17 }] },
  "cache-saves": { charts: ["response", "busy"], trials: [{ cache: false }] },
  "rate-limit-saves": { charts: ["response", "statuses"], trials: [{ limitRate: 1000 }] },
  "retry-storm": { charts: ["waiting", "statuses"], trials: [{ retries: 0 }] },
  "timeouts-in-the-wrong-order": {
    charts: ["response", "statuses"],
    trials: [{ proxyReadTimeout: 5 }],
  },
  "max-requests-without-jitter": {
    charts: ["response", "waiting"],
    trials: [{ maxRequestsJitter: 50 }],
  },
  "deploy-under-load": { charts: ["waiting", "statuses"], trials: [{ rate: 80 }] },
  "warm-up": { charts: ["response", "throughput"], trials: [{ rttMs: 120 }] },
};

/** The charts that a run of this scenario is first seen with. */
export function firstChartsOf(scenario: string): readonly ChartId[] {
  return lessonsOnScreen[scenario]?.charts ?? ["response", "waiting"];
}

export interface NoticeLine {
  readonly text: string;
  /** What a click on it changes; null where there is nothing to try. */
  readonly trial: TrialSettings | null;
}

/** The sentences of a lesson, each with what it tells to try. */
export function noticeLines(scenario: string, notice: readonly string[]): readonly NoticeLine[] {
  const trials = lessonsOnScreen[scenario]?.trials ?? [];
  let next = 0;
  return notice.map((text) => {
    const isTrial = text.startsWith("Try ");
    return { text, trial: isTrial ? (trials[next++] ?? null) : null };
  });
}
