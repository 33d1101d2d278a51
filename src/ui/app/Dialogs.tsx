// The dialogs, one at a time. Each is loaded when it is first opened.
import { lazy, Suspense } from "react";
import { useSession, useView } from "./session-context.ts";

const ShareDialog = lazy(() =>
  import("./ShareDialog.tsx").then((m) => ({ default: m.ShareDialog })),
);
const TranscriptDialog = lazy(() =>
  import("./TranscriptDialog.tsx").then((m) => ({ default: m.TranscriptDialog })),
);
const ShortcutsDialog = lazy(() =>
  import("./ShortcutsDialog.tsx").then((m) => ({ default: m.ShortcutsDialog })),
);
const StopDialog = lazy(() => import("./StopDialog.tsx").then((m) => ({ default: m.StopDialog })));
const SearchDialog = lazy(() =>
  import("./SearchDialog.tsx").then((m) => ({ default: m.SearchDialog })),
);

const ActDialog = lazy(() =>
  import("../actions/ActDialog.tsx").then((m) => ({ default: m.ActDialog })),
);

export interface DialogContentProps {
  readonly onClose: () => void;
}

export function Dialogs() {
  const session = useSession();
  const dialog = useView((view) => view.dialog);
  if (dialog === null) return null;
  const onClose = (): void => session.view.setState({ dialog: null });
  return (
    <Suspense fallback={null}>
      {dialog === "share" && <ShareDialog onClose={onClose} />}
      {dialog === "transcript" && <TranscriptDialog onClose={onClose} />}
      {dialog === "shortcuts" && <ShortcutsDialog onClose={onClose} />}
      {dialog === "stop" && <StopDialog onClose={onClose} />}
      {dialog === "act" && <ActDialog onClose={onClose} />}
      {dialog === "search" && <SearchDialog onClose={onClose} />}
    </Suspense>
  );
}
