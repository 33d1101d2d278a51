// Hooks of the traffic screen: reading the store of its run.
import { useStore } from "zustand";
import type { TrafficRun } from "../session/traffic-run.ts";
import type { TrafficState } from "../session/traffic-state.ts";

export function useTraffic<T>(run: TrafficRun, selector: (state: TrafficState) => T): T {
  return useStore(run.store, selector);
}
