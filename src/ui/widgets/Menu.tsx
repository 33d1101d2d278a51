// A button that opens a small panel of choices under it. Escape or a click elsewhere closes it.
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

export interface MenuProps {
  readonly label: ReactNode;
  readonly name: string;
  readonly className?: string;
  readonly children: (close: () => void) => ReactNode;
}

export function Menu({ label, name, className = "", children }: MenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!isOpen) return;
    // In a part that scrolls the choices may lie below its edge.
    panel.current?.scrollIntoView({ block: "nearest" });
    const onPointer = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) setIsOpen(false);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      setIsOpen(false);
      button.current?.focus();
    };
    document.addEventListener("pointerdown", onPointer);
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("pointerdown", onPointer);
      document.removeEventListener("keydown", onKey);
    };
  }, [isOpen]);
  return (
    <div ref={root} className={`menu ${className}`}>
      <button
        ref={button}
        type="button"
        className="button menu-button"
        aria-label={name}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {label}
      </button>
      {isOpen && (
        <div ref={panel} id={id} className="menu-panel">
          {children(() => {
            setIsOpen(false);
            button.current?.focus();
          })}
        </div>
      )}
    </div>
  );
}
