// Changes of an earlier visit that are not in use: brought back or thrown away, but never used unasked.
import { useEditing, useEditingState } from "./use-editing.ts";

export function DraftOffer() {
  const editing = useEditing();
  const offered = useEditingState((state) => state.offered);
  if (offered === null) return null;
  const count = Object.keys(offered).length;
  const [path] = Object.keys(offered);
  return (
    <div className="files-note" role="status">
      <p>
        On an earlier visit you changed {count === 1 ? path : `${count} texts`} of this scenario.
      </p>
      <button type="button" className="button" onClick={editing.takeOffer}>
        Bring back
      </button>
      <button type="button" className="button is-plain" onClick={editing.refuseOffer}>
        Throw away
      </button>
    </div>
  );
}
