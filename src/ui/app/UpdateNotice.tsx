// Works offline after the first visit. A new version waits until the reader says so: a page that changes
// under somebody who presents would be worse than an old one.
import { useEffect, useState } from "react";
import { useRun } from "./session-context.ts";
import { TIME_TO_LOOK_MS } from "./start.ts";

export function UpdateNotice() {
  const [update, setUpdate] = useState<(() => void) | null>(null);
  // Not before something is shown: what is kept for later would take the network from what is needed now.
  const isShown = useRun((run) => run.status !== "running" || run.version > 0);
  useEffect(() => {
    if (!isShown) return;
    const register = async (): Promise<void> => {
      const { registerSW } = await import("virtual:pwa-register");
      const updateAndReload = registerSW({
        onNeedRefresh: () => setUpdate(() => () => void updateAndReload(true)),
      });
    };
    const timer = setTimeout(() => void register(), TIME_TO_LOOK_MS);
    return () => clearTimeout(timer);
  }, [isShown]);
  if (update === null) return null;
  return (
    <div className="update" role="status">
      <p>A new version of Roundtrip is ready.</p>
      <button type="button" className="button is-primary" onClick={update}>
        Reload now
      </button>
      <button type="button" className="button is-plain" onClick={() => setUpdate(null)}>
        Later
      </button>
    </div>
  );
}
