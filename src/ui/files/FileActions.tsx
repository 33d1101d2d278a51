// What can be done with the file that is shown and with the scenario as a whole: add, rename, remove, put
// back, open a file of one's own, keep the scenario as a file.
import { useRef, useState } from "react";
import { useSession } from "../app/session-context.ts";
import type { EditedText } from "../session/edits.ts";
import { Icon } from "../widgets/Icon.tsx";
import { Menu } from "../widgets/Menu.tsx";
import { PathForm } from "./PathForm.tsx";
import { takeFiles } from "./take-files.ts";
import { useEditing } from "./use-editing.ts";

export interface FileActionsProps {
  readonly texts: readonly EditedText[];
  readonly file: EditedText | undefined;
  readonly onSaid: (text: string | null) => void;
}

type Asked = "add" | "rename" | null;

export function FileActions({ texts, file, onSaid }: FileActionsProps) {
  const editing = useEditing();
  const session = useSession();
  const [asked, setAsked] = useState<Asked>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const isFile = file?.path.startsWith("/") === true;
  const show = (path: string): void => session.view.setState({ file: path });

  function remove(): void {
    if (file === undefined) return;
    editing.set({ [file.path]: null });
    const next = texts.find(({ path }) => path !== file.path);
    if (next !== undefined) show(next.path);
    onSaid(`${file.title} was removed. Undo brings it back.`);
  }

  function addCommand(): void {
    const path = nextCommand(texts);
    editing.set({ [path]: "nginx" });
    show(path);
  }

  async function save(): Promise<void> {
    try {
      download(await session.client.scenarioFile(editing.spec()), "scenario.json");
    } catch (error) {
      onSaid((error as Error).message);
    }
  }

  const entries: readonly (readonly [label: string, run: () => void, isOffered: boolean])[] = [
    ["New file", () => setAsked("add"), true],
    ["New command", addCommand, true],
    ["Rename", () => setAsked("rename"), isFile],
    ["Remove", remove, isRemovable(file)],
    [
      "Back to the original",
      () => file !== undefined && editing.restore(file.path),
      file !== undefined && file.original !== file.text,
    ],
    ["All back to the original", editing.restoreAll, true],
    ["Open a file or scenario", () => chooser.current?.click(), true],
    ["Save as a scenario file", () => void save(), true],
  ];
  return (
    <>
      <Menu name="Change files" className="file-menu" label={<Icon name="menu" />}>
        {(close) => (
          <ul className="menu-list">
            {entries.map(
              ([label, run, isOffered]) =>
                isOffered && (
                  <li key={label}>
                    <button
                      type="button"
                      className="menu-item"
                      onClick={() => {
                        close();
                        run();
                      }}
                    >
                      {label}
                    </button>
                  </li>
                ),
            )}
          </ul>
        )}
      </Menu>
      <input
        ref={chooser}
        type="file"
        hidden
        aria-label="Open a file or scenario"
        onChange={({ target }) => {
          void takeFiles(target.files, { editing, session, texts, file }).then(onSaid);
          target.value = "";
        }}
      />
      {asked !== null && (
        <PathForm
          title={asked === "add" ? "Path of the new file" : "New path"}
          path={asked === "rename" && file !== undefined ? file.path : "/etc/nginx/conf.d/new.conf"}
          taken={texts.map(({ path }) => path)}
          onClose={() => setAsked(null)}
          onPath={(path) => {
            const text = asked === "rename" && file !== undefined ? file.text : "";
            const old = asked === "rename" && file !== undefined ? { [file.path]: null } : {};
            editing.set({ ...old, [path]: text });
            show(path);
            setAsked(null);
          }}
        />
      )}
    </>
  );
}

/** The timeline and the like are parts of every scenario. */
function isRemovable(file: EditedText | undefined): boolean {
  return file !== undefined && /^(\/|command:|zone:)/.test(file.path);
}

/** A command keeps its number when others go, so a new one gets a number that none had. */
function nextCommand(texts: readonly EditedText[]): string {
  const numbers = texts.map(({ path }) => Number(/^command:(\d+)$/.exec(path)?.[1] ?? 0));
  return `command:${Math.max(0, ...numbers) + 1}`;
}

function download(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
