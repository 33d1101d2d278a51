// One setting: a slider, a switch or a choice, and the line of the real file or command that it edits. The
// line is the truth; the slider only writes it.
import { useEffect, useId, useRef, useState } from "react";
import type { Setting, SettingValue } from "../../../simulation/settings/setting.ts";
import { CodeLine } from "../../widgets/CodeLine.tsx";
import type { Language } from "../../widgets/highlight.ts";
import { LOG_PLACES, optionText, placeOf, valueAt, valueText } from "./setting-scale.ts";

export interface SettingControlProps {
  readonly setting: Setting;
  readonly isOpen: boolean;
  /** The reader's attention is on this setting: its line is shown. */
  readonly onAttend: () => void;
  readonly onChange: (value: SettingValue) => void;
  /** The reader wants to see the whole text. */
  readonly onShowText: () => void;
  /** The value with which the run was begun. */
  readonly begunWith: SettingValue;
}

export function SettingControl(props: SettingControlProps) {
  const { setting, isOpen, onAttend, onShowText, begunWith } = props;
  // Not every browser focuses what is clicked or touched.
  const onChange = (value: SettingValue): void => {
    onAttend();
    props.onChange(value);
  };
  const { input } = setting;
  const id = useId();
  return (
    <li className="dial" onFocus={onAttend}>
      {input.kind === "number" ? (
        <NumberSetting {...{ id, setting, onChange }} />
      ) : (
        <div className="dial-line">
          <label htmlFor={id}>{setting.title}</label>
          {input.kind === "switch" && (
            <input
              id={id}
              type="checkbox"
              className="dial-switch"
              checked={setting.value === true}
              onChange={({ target }) => onChange(target.checked)}
            />
          )}
          {input.kind === "choice" && (
            <select
              id={id}
              value={String(setting.value)}
              onChange={({ target }) => onChange(target.value)}
            >
              {input.options.map((option) => (
                <option key={option} value={option}>
                  {optionText(setting.id, option)}
                </option>
              ))}
            </select>
          )}
          {input.kind === "text" && <code id={id}>{String(setting.value)}</code>}
        </div>
      )}
      {begunWith !== setting.value && (
        <button type="button" className="link-button dial-back" onClick={() => onChange(begunWith)}>
          Back to {valueText(begunWith, setting)}
          <span className="is-unseen"> ({setting.title})</span>
        </button>
      )}
      {isOpen && <SettingLine setting={setting} onShowText={onShowText} />}
    </li>
  );
}

/** How long the slider must rest before the file is written, in milliseconds. */
const REST_MS = 260;

interface NumberSettingProps {
  readonly id: string;
  readonly setting: Setting;
  readonly onChange: (value: SettingValue) => void;
}

function NumberSetting({ id, setting, onChange }: NumberSettingProps) {
  const { input, title } = setting;
  const [draft, setDraft] = useState<number | null>(null);
  const latest = useRef(onChange);
  latest.current = onChange;
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      setDraft(null);
      latest.current(draft);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  if (input.kind !== "number") return null;
  const value = draft ?? Number(setting.value);
  const isLog = input.scale === "log";
  const range = isLog ? { min: 0, max: LOG_PLACES, step: 1 } : input;
  const place = placeOf(value, input);
  const share = (place - range.min) / Math.max(1e-9, range.max - range.min);
  return (
    <>
      <div className="dial-line">
        <label htmlFor={id}>{title}</label>
        <output htmlFor={id} className="mono">
          {valueText(value, setting)}
        </output>
      </div>
      <input
        id={id}
        type="range"
        className="slider"
        style={{ "--share": `${Math.max(0, Math.min(1, share)) * 100}%` } as React.CSSProperties}
        {...{ min: range.min, max: range.max, step: range.step, value: place }}
        aria-valuetext={valueText(value, setting)}
        onChange={({ target }) => setDraft(valueAt(Number(target.value), input))}
      />
    </>
  );
}

const languages: readonly (readonly [RegExp, Language])[] = [
  [/nginx|\.conf$/, "nginx"],
  [/\.py$/, "python"],
  [/^command:/, "shell"],
  [/\.(service|ini|cfg)$/, "ini"],
];

/** Words for the parts of a scenario that are no files. */
const partNames: Readonly<Record<string, string>> = {
  traffic: "the scenario's traffic",
  views: "what the view does",
  host: "the server's hardware",
  links: "the network",
};

const effects: Readonly<Record<Setting["takesEffect"], string>> = {
  "at once": "Holds at once.",
  "nginx reload": "Holds after nginx -s reload.",
  "gunicorn signal": "Holds after a signal to Gunicorn's arbiter.",
  "gunicorn reload": "Holds after Gunicorn's reload (HUP).",
  "gunicorn restart": "Holds after a restart of Gunicorn.",
  "postgresql restart": "Holds after a restart of PostgreSQL.",
};

type SettingLineProps = Pick<SettingControlProps, "setting" | "onShowText">;

function SettingLine({ setting, onShowText }: SettingLineProps) {
  const { path, line, text, written } = setting.place;
  const language = languages.find(([pattern]) => pattern.test(path))?.[1] ?? "text";
  const command = /^command:(\d+)$/.exec(path);
  const where = command === null ? (partNames[path] ?? path) : `command ${command[1]}`;
  return (
    <div className="dial-place">
      <p className="dial-file mono">
        {where}
        <button type="button" className="link-button" onClick={onShowText}>
          edit<span className="is-unseen"> the text of {where}</span>
        </button>
      </p>
      <p className="dial-code">
        <span className="line-number">{line}</span>
        <CodeLine text={text} language={language} />
      </p>
      <p className="quiet">
        {written ? "" : "Not written there: the program's own default holds. "}
        {effects[setting.takesEffect]}
      </p>
    </div>
  );
}
