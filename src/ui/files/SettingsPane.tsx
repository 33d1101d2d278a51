// The usual settings as a form. Each stands for a line of a text and is written into that line and
// nowhere else; the line is shown under it as it now is.
import { useEffect, useId, useState } from "react";
import type {
  Setting,
  SettingId,
  SettingInput,
  SettingValue,
} from "../../simulation/settings/setting.ts";
import { useSession } from "../app/session-context.ts";
import type { EditedText } from "../session/edits.ts";
import type { Goal } from "./TextPane.tsx";
import { changedLines } from "./text-marks.ts";
import { useEditing, useEditingState } from "./use-editing.ts";

export interface SettingsPaneProps {
  readonly texts: readonly EditedText[];
  readonly onGo: (goal: Goal) => void;
}

export function SettingsPane({ texts, onGo }: SettingsPaneProps) {
  const editing = useEditing();
  const session = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const settings = useSettingsOf();
  async function set(id: SettingId, value: SettingValue): Promise<void> {
    try {
      const edit = await session.client.set(editing.spec(), id, value);
      setProblem("problem" in edit ? edit.problem : null);
      if (!("problem" in edit)) editing.set({ [edit.path]: edit.text });
    } catch (error) {
      setProblem((error as Error).message);
    }
  }
  if (settings === null) return <p className="empty">The texts are being read.</p>;
  return (
    <div className="settings">
      {problem !== null && (
        <p className="run-trouble" role="alert">
          {problem}
        </p>
      )}
      {settings.filter(isOfJourney).map((setting) => (
        <SettingRow
          key={setting.id}
          setting={setting}
          {...placeSaid(texts, setting)}
          onChange={(value) => void set(setting.id, value)}
          onGo={() => onGo({ path: placeOf(setting), line: lineOf(texts, setting) })}
        />
      ))}
    </div>
  );
}

/** The settings of the texts as they are; null until they are known. */
function useSettingsOf(): readonly Setting[] | null {
  const editing = useEditing();
  const session = useSession();
  const changes = useEditingState(({ edits }) => edits.changes);
  const [settings, setSettings] = useState<readonly Setting[] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are those of the changes.
  useEffect(() => {
    let isWanted = true;
    session.client.settings(editing.spec()).then(
      (found) => {
        if (isWanted) setSettings(found);
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [changes, editing, session]);
  return settings;
}

/** The text that a setting stands in, by the name that it has in the drawer. */
function placeOf({ place }: Setting): string {
  return ["traffic", "host", "links"].includes(place.path) ? "world" : place.path;
}

/** How many clients there are is a matter of traffic: one journey has what its timeline says. */
function isOfJourney({ place }: Setting): boolean {
  return place.path !== "traffic";
}

/** Parts that are JSON are laid out otherwise here than where the setting was found. */
function isJson(path: string): boolean {
  return !/^(\/|command:)/.test(path);
}

/** The line of the text in which a setting stands. */
function lineOf(texts: readonly EditedText[], setting: Setting): number {
  const { path, line, text } = setting.place;
  if (!isJson(path)) return line;
  const shown = texts.find((each) => each.path === placeOf(setting))?.text.split("\n") ?? [];
  return shown.findIndex((each) => each.includes(text.replace(/,$/, ""))) + 1 || 1;
}

interface PlaceSaid {
  /** Where the setting stands: `gunicorn.service:10`. */
  readonly name: string;
  /** The line as it is in the text now. */
  readonly line: string;
  /** Whether that line is not as it was. */
  readonly isChanged: boolean;
}

function placeSaid(texts: readonly EditedText[], setting: Setting): PlaceSaid {
  const { place } = setting;
  const text = texts.find(({ path }) => path === placeOf(setting));
  const title = text?.title.split("/").at(-1) ?? place.path;
  const number = lineOf(texts, setting);
  const isChanged = text !== undefined && changedLines(text).has(number) && place.written;
  if (text === undefined || isJson(place.path)) return { name: title, line: place.text, isChanged };
  const line = text.text.split("\n")[place.line - 1]?.trim() ?? place.text;
  return { name: `${title}:${place.line}`, line, isChanged };
}

interface SettingRowProps extends PlaceSaid {
  readonly setting: Setting;
  readonly onChange: (value: SettingValue) => void;
  readonly onGo: () => void;
}

function SettingRow({ setting, name, line, isChanged, onChange, onGo }: SettingRowProps) {
  const id = useId();
  const { title, value, input, place } = setting;
  return (
    <div className={`setting ${isChanged ? "is-changed" : ""}`}>
      <label htmlFor={id}>{title}</label>
      <Field key={String(value)} {...{ id, value, input, onChange }} />
      <p className="setting-line">
        <button type="button" className="link-button" onClick={onGo}>
          {name}
        </button>{" "}
        {place.written ? <code>{line}</code> : <span className="quiet">not written: default</span>}
      </p>
    </div>
  );
}

interface FieldProps {
  readonly id: string;
  readonly value: SettingValue;
  readonly input: SettingInput;
  readonly onChange: (value: SettingValue) => void;
}

/** Typed values are taken when the reader leaves the field or presses Enter. */
function Field({ id, value, input, onChange }: FieldProps) {
  const [typed, setTyped] = useState(String(value));
  if (input.kind === "switch")
    return (
      <input
        id={id}
        type="checkbox"
        checked={value === true}
        onChange={({ target }) => onChange(target.checked)}
      />
    );
  if (input.kind === "choice")
    return (
      <select id={id} value={String(value)} onChange={({ target }) => onChange(target.value)}>
        {input.options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    );
  const take = (): void => {
    if (typed !== String(value)) onChange(input.kind === "number" ? Number(typed) : typed);
  };
  return (
    <span className="setting-field">
      <input
        id={id}
        className="field"
        {...(input.kind === "number"
          ? { type: "number", min: input.min, max: input.max, step: input.step }
          : { type: "text", spellCheck: false })}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={take}
        onKeyDown={({ key }) => key === "Enter" && take()}
      />
      {input.kind === "number" && <span className="quiet">{input.unit}</span>}
    </span>
  );
}
