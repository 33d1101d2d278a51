// The link that restores this screen: scenario, seed, step and view are all in it, nothing is stored
// anywhere else.
import { useEffect, useState } from "react";
import { LINK_CHARACTERS_MAX } from "../session/link-bytes.ts";
import { Dialog } from "../widgets/Dialog.tsx";
import { CopyButton } from "./CopyButton.tsx";
import type { DialogContentProps } from "./Dialogs.tsx";
import { useRun, useSession, useShownHash, useView } from "./session-context.ts";

/** Longer links are cut by some chat and mail programs. */
const SAFE_CHARACTERS = 2_000;

export function ShareDialog({ onClose }: DialogContentProps) {
  const session = useSession();
  const isCrowd = useView((view) => view.screen === "traffic");
  const hash = useShownHash();
  const [fragment, setFragment] = useState<string | null>(null);
  useEffect(() => {
    void session.link().then(setFragment);
  }, [session]);
  const changed = useRun((run) => Object.keys(run.spec?.files ?? {}).length);
  const isTooLong = (fragment?.length ?? 0) > LINK_CHARACTERS_MAX;
  const address = fragment === null ? "" : `${location.href.split("#")[0]}${fragment}`;
  return (
    <Dialog title={isCrowd ? "Share this run" : "Share this step"} onClose={onClose}>
      <p>
        {isCrowd
          ? "Whoever opens this link sees the same run at the same moment: the same arrivals, and the same changes at the same times. "
          : "Whoever opens this link sees the same scenario at the same step, with the same tab open. "}
        Everything is in the link itself; nothing is kept on a server.
      </p>
      {isTooLong ? (
        <p role="alert">
          The changes to the files make this link longer than {LINK_CHARACTERS_MAX} characters,
          which is more than can be shared. Files can save the scenario as a file instead.
        </p>
      ) : (
        <div className="copy-row">
          <input
            className="field"
            readOnly
            aria-label="Link"
            value={address}
            onFocus={(event) => event.target.select()}
          />
          <CopyButton text={address} />
        </div>
      )}
      {!isTooLong && fragment !== null && (
        <p className="quiet">
          {address.length.toLocaleString("en")} characters
          {changed > 0 &&
            `, with your changes to ${changed === 1 ? "one text" : `${changed} texts`}`}
          {address.length > SAFE_CHARACTERS &&
            ": some chat and mail programs cut links of this length"}
          .
        </p>
      )}
      {hash !== undefined && (
        <p className="quiet">
          The journal of this run{isCrowd && " up to this moment"} has the hash <code>{hash}</code>.
          Every browser that runs it gets the same one.
        </p>
      )}
    </Dialog>
  );
}
