// The place of the list of actions: under the panel, where it takes nothing from the stage, or on a small
// screen above the controls; an audience sees their flags alone. The list loads with the first action.
import { lazy, Suspense } from "react";
import { useMedia, useRun, useView } from "./session-context.ts";

const ActionList = lazy(() =>
  import("../actions/ActionList.tsx").then((m) => ({ default: m.ActionList })),
);

/** The actions taken, if this is their place on a screen of this size. */
export function Deeds({ isSmall = false }: { readonly isSmall?: boolean }) {
  const hasActed = useView((view) => view.hasActed);
  const isPresenting = useView((view) => view.isPresenting);
  const hasActions = useRun(({ spec }) => spec !== null && spec.actions.length > 0);
  const isNarrow = useMedia("(max-width: 859px)");
  if (!(hasActed || hasActions) || isPresenting || isSmall !== isNarrow) return null;
  return (
    <Suspense fallback={null}>
      <ActionList />
    </Suspense>
  );
}
