// A modal dialog on the browser's own element: it holds the focus and gives it back by itself. What
// carries `data-first-focus` has the focus first. It tells of its closing at once and not by the event
// "close", which comes a task later: a key pressed in between would be lost.
import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "./Icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly isWide?: boolean;
}

export function Dialog({ title, onClose, children, isWide = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-first-focus]")?.focus();
    return () => element?.close();
  }, []);
  function close(): void {
    dialog.current?.close();
    onClose();
  }
  return (
    <dialog
      ref={dialog}
      className={`dialog ${isWide ? "is-wide" : ""}`}
      aria-labelledby={titleId}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button
            type="button"
            className="button is-plain is-icon"
            aria-label="Close"
            onClick={close}
          >
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
