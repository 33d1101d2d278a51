// The requests of a scenario that a crowd can make.
import type { RequestSpec } from "../../layers/browser/request-spec.ts";
import type { Scenario } from "../scenario.ts";

/** The request that a scenario is about: its first request or visit; null when it has none. */
export function requestOfScenario(scenario: Scenario): RequestSpec | null {
  for (const action of scenario.timeline) {
    if ("request" in action) return action.request;
    if ("browse" in action)
      return {
        url: /^https?:/.test(action.browse.url)
          ? action.browse.url
          : `https://${action.browse.url}`,
      };
  }
  return null;
}
