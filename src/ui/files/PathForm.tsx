// Asks for the path of a file: absolute, and of no other file.
import { type FormEvent, useState } from "react";
import { Dialog } from "../widgets/Dialog.tsx";

export interface PathFormProps {
  readonly title: string;
  readonly path: string;
  readonly taken: readonly string[];
  readonly onPath: (path: string) => void;
  readonly onClose: () => void;
}

const PATH_CHARACTERS_MAX = 300;

export function PathForm({ title, path: first, taken, onPath, onClose }: PathFormProps) {
  const [path, setPath] = useState(first);
  const problem = problemOf(path, path === first ? [] : taken);
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (problem === null) onPath(path);
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="path-form" onSubmit={onSubmit}>
        <input
          className="field"
          aria-label={title}
          aria-invalid={problem !== null}
          aria-describedby="path-problem"
          data-first-focus
          spellCheck={false}
          autoCapitalize="off"
          value={path}
          onChange={({ target }) => setPath(target.value)}
        />
        <p id="path-problem" className={problem === null ? "quiet" : "is-problem"}>
          {problem ?? "A program reads the file when its own configuration names it."}
        </p>
        <button
          type="submit"
          className="button is-primary"
          aria-disabled={problem === null ? undefined : "true"}
        >
          Use this path
        </button>
      </form>
    </Dialog>
  );
}

function problemOf(path: string, taken: readonly string[]): string | null {
  if (!path.startsWith("/")) return "A path begins with /.";
  if (path.endsWith("/")) return "A path ends with the name of the file.";
  if (path.length > PATH_CHARACTERS_MAX) return "A path has at most 300 characters.";
  return taken.includes(path) ? "There is a file at this path." : null;
}
