// What modules add to every request's way, gathered once in their order: most modules have none of these hooks, and
// asking each of them for each request would cost more than the hooks.
import type { NginxModule, PhaseHandler } from "./phases.ts";

type Hook<K extends keyof NginxModule> = NonNullable<NginxModule[K]>;

export interface ModuleHooks {
  readonly headerFilters: readonly Hook<"headerFilter">[];
  readonly bodyFilters: readonly Hook<"bodyFilter">[];
  readonly logHandlers: readonly PhaseHandler[];
  readonly cleanups: readonly Hook<"cleanup">[];
  readonly byName: ReadonlyMap<string, NginxModule>;
}

/** The hooks of modules. They are called apart from their module, which they do not need. */
export function hooksOf(modules: readonly NginxModule[]): ModuleHooks {
  return {
    headerFilters: modules.flatMap(({ headerFilter }) => headerFilter ?? []),
    bodyFilters: modules.flatMap(({ bodyFilter }) => bodyFilter ?? []),
    logHandlers: modules.flatMap(({ phases }) => phases?.log ?? []),
    cleanups: modules.flatMap(({ cleanup }) => cleanup ?? []),
    byName: new Map(modules.map((module) => [module.name, module])),
  };
}
