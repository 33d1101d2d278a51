// Copies a text and says so.
import { useEffect, useState } from "react";

const SAID_MS = 2_500;

export function CopyButton({ text }: { readonly text: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (said === "") return;
    const timer = setTimeout(() => setSaid(""), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Not allowed: select it and copy");
    }
  }
  return (
    <>
      <button type="button" className="button is-primary" onClick={() => void copy()}>
        Copy
      </button>
      <span className="copied" role="status">
        {said}
      </span>
    </>
  );
}
