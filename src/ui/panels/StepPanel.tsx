// The panel beside the stage: what happened in a sentence or two, and under it the tabs that say why,
// show the message, the machine, the log and the time.
import { lazy, Suspense } from "react";
import type { Journey, Step } from "../../simulation/journey.ts";
import { Deeds } from "../app/Deeds.tsx";
import { layerNames } from "../app/layer-names.ts";
import { useSession, useStep, useView } from "../app/session-context.ts";
import { tintOf } from "../diagram/places.ts";
import type { Tab } from "../session/view.ts";
import { Icon } from "../widgets/Icon.tsx";
import { type TabItem, Tabs } from "../widgets/Tabs.tsx";
import { ScenarioCard } from "./ScenarioCard.tsx";
import { WhyTab } from "./WhyTab.tsx";

/** Drawing machines is not needed for the first step, so it is a file of its own. */
// The first step shows why; each other tab loads when it is opened for the first time.
const MessageTab = lazy(() => import("./MessageTab.tsx").then((m) => ({ default: m.MessageTab })));
const LogTab = lazy(() => import("./LogTab.tsx").then((m) => ({ default: m.LogTab })));
const TimingTab = lazy(() => import("./TimingTab.tsx").then((m) => ({ default: m.TimingTab })));
const StateTab = lazy(() => import("./StateTab.tsx").then((m) => ({ default: m.StateTab })));

const PANEL_ID = "step-panel";

export function StepPanel() {
  const session = useSession();
  const current = useStep();
  const tab = useView((view) => view.tab);
  const isSheetOpen = useView((view) => view.isSheetOpen);
  if (current === null) return null;
  const { journey, step } = current;
  return (
    <aside className={`panel ${isSheetOpen ? "is-open" : ""}`} aria-label="The step">
      <StepHead journey={journey} step={step} />
      <div className="panel-tabs">
        <Tabs
          items={tabItems(journey, step)}
          current={tab}
          label="About this step"
          panelId={PANEL_ID}
          onSelect={(id) => session.view.setState({ tab: id, isSheetOpen: true })}
        />
        <button
          type="button"
          className="button is-plain is-icon sheet-button"
          aria-expanded={isSheetOpen}
          aria-label={isSheetOpen ? "Close details" : "Open details"}
          onClick={() => session.view.setState({ isSheetOpen: !isSheetOpen })}
        >
          <Icon name={isSheetOpen ? "chevron" : "sheet"} />
        </button>
      </div>
      <div
        className="panel-body"
        id={PANEL_ID}
        role="tabpanel"
        aria-labelledby={`${PANEL_ID}-${tab}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable.
        tabIndex={0}
      >
        <Suspense fallback={null}>
          <TabBody tab={tab} journey={journey} step={step} />
        </Suspense>
        <Notes journey={journey} step={step} />
      </div>
      <Deeds />
    </aside>
  );
}

/** What a reader of the panel needs: the journey and the step shown. */
export interface TabProps {
  readonly journey: Journey;
  readonly step: Step;
}

function tabItems(journey: Journey, step: Step): readonly TabItem<Tab>[] {
  const wrote = journey.logs.filter((line) => line.step === step.index).length;
  const messages = step.messages.length;
  return [
    { id: "why", label: "Why" },
    { id: "message", label: "Message", mark: messages > 1 ? String(messages) : undefined },
    { id: "state", label: "State" },
    { id: "log", label: "Log", mark: wrote > 0 ? `+${wrote}` : undefined },
    { id: "timing", label: "Timing" },
  ];
}

/** Layer, number, heading and sentence of a step. */
export function StepHead({ journey, step }: TabProps) {
  return (
    <header className={`step-head tint-${tintOf(step.layer)}`}>
      <p className="step-line">
        <span className="step-layer">
          <span className="layer-dot" aria-hidden="true" />
          {layerNames[step.layer]} · {step.machine}
        </span>
        <span className="step-count">
          step {step.index + 1} of {journey.steps.length}
        </span>
      </p>
      <h1 className="step-title">{step.title}</h1>
      <p className="step-sentence">{step.sentence}</p>
    </header>
  );
}

function TabBody({ tab, ...props }: TabProps & { readonly tab: Tab }) {
  switch (tab) {
    case "why":
      return <WhyTab {...props} />;
    case "message":
      return <MessageTab {...props} />;
    case "state":
      return <StateTab {...props} />;
    case "log":
      return <LogTab {...props} />;
    case "timing":
      return <TimingTab {...props} />;
  }
}

function Notes({ journey, step }: TabProps) {
  return (
    <div className="notes">
      <ScenarioCard journey={journey} step={step} />
      {step.interview !== undefined && (
        <section className="note is-interview">
          <h2>In an interview</h2>
          <p>“{step.interview}”</p>
        </section>
      )}
      {step.leavesOut !== undefined && (
        <section className="note is-left-out">
          <h2>What the model leaves out here</h2>
          <p>{step.leavesOut}</p>
        </section>
      )}
    </div>
  );
}
