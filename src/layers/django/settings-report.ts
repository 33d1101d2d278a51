// What the reader of a settings file is told: values that cannot be read here, and what is known but not
// simulated. Nothing that Django would heed is passed over in silence; names that Django does not know
// are the project's own.
import type { Diagnostic, Span } from "../../text/diagnostic.ts";
import { CHARSETS } from "./charset.ts";
import { type Py, plain, textOf } from "./python-values.ts";
import { isDefault, NOT_SIMULATED } from "./settings-not-simulated.ts";

type Written = ReadonlyMap<string, Py>;
type Tell = (span: Span, message: string) => void;

/** `readByName` are the settings that the simulation reads. */
export function reportSettings(
  written: Written,
  readByName: (name: string) => boolean,
  diagnostics: Diagnostic[],
): void {
  const tell: Tell = ({ file, line, start, end }, message) =>
    diagnostics.push({ severity: "not-simulated", message, file, line, start, end });
  for (const [name, value] of written) {
    const known = readByName(name);
    if (known && plain(value) === undefined)
      tell(value.span, `${name} is not a value that can be read here; Django's default is used`);
    else if (!known && name in NOT_SIMULATED && !isDefault(name, plain(value)))
      tell(value.span, `${name} is known, but not simulated`);
  }
  reportCharset(written.get("DEFAULT_CHARSET"), tell);
  reportDatabases(written.get("DATABASES"), tell);
  reportTemplates(written.get("TEMPLATES"), tell);
}

function reportCharset(value: Py | undefined, tell: Tell): void {
  const charset = value === undefined ? null : textOf(value);
  if (value === undefined || charset === null) return;
  if (CHARSETS[charset.toLowerCase()] === undefined)
    tell(value.span, `the charset ${charset} is named in answers, but their bytes are UTF-8 here`);
  else if (CHARSETS[charset.toLowerCase()] !== "utf-8")
    tell(
      value.span,
      `answers are sent in ${charset}; what clients send is still read as UTF-8 here`,
    );
}

function entriesOf(value: Py | undefined): readonly (readonly [Py, Py])[] {
  return value?.type === "dict" ? value.entries : [];
}

/** Simplification: a project has one database, `default`. */
function reportDatabases(value: Py | undefined, tell: Tell): void {
  for (const [alias, database] of entriesOf(value)) {
    const name = textOf(alias);
    if (name === "default") continue;
    const atomic = entriesOf(database).some(
      ([key, item]) => textOf(key) === "ATOMIC_REQUESTS" && plain(item) === true,
    );
    const also = atomic ? ", nor are its ATOMIC_REQUESTS" : "";
    tell(alias.span, `the database ${name} is known, but not simulated${also}`);
  }
}

/** Of the options of a template engine, these change what is simulated. */
const TEMPLATE_OPTIONS = new Set(["context_processors", "debug"]);

function reportTemplates(value: Py | undefined, tell: Tell): void {
  if (value?.type !== "list" && value?.type !== "tuple") return;
  const [, second] = value.items;
  if (second !== undefined)
    tell(second.span, "a second template engine is known, but not simulated");
  for (const [key, item] of entriesOf(value.items[0])) {
    const backend = textOf(key) === "BACKEND" ? textOf(item) : null;
    if (backend !== null && backend !== "django.template.backends.django.DjangoTemplates")
      tell(item.span, `${backend} is known, but not simulated: templates are read as Django's own`);
    if (textOf(key) === "OPTIONS") reportOptions(item, tell);
  }
}

function reportOptions(options: Py, tell: Tell): void {
  for (const [option] of entriesOf(options))
    if (!TEMPLATE_OPTIONS.has(textOf(option) ?? ""))
      tell(option.span, `the option ${textOf(option)} of templates is known, but not simulated`);
}
