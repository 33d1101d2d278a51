// Gives a tree of directives its meaning, in file order, as nginx does while it reads: is the directive
// known, allowed here, with this many arguments, and what is its value. The result is a tree of drafts
// (levels with their own settings); configuration.ts joins them into the merged configuration.
// Source: src/core/ngx_conf_file.c, ngx_conf_handler (1.22.1).
import type { Disk } from "../../host/disk.ts";
import type { Diagnostic } from "../../text/diagnostic.ts";
import { argumentTexts, type Directive } from "./config-tree.ts";
import { fitsCount, type Grammar, grammarOf } from "./directive-rows.ts";
import { compilePattern } from "./pattern.ts";
import { parseCondition, REWRITE } from "./rewrite-directives.ts";
import type {
  BuildContext,
  Condition,
  ConfigError,
  ContextName,
  DirectiveRow,
  LocationModifier,
  Setting,
} from "./settings.ts";
import { compileTemplate, type Template } from "./template.ts";
import { plainValueProblem } from "./value-checks.ts";

/** A level as it was read: its own settings and the blocks inside. */
export interface Draft {
  readonly kind: ContextName;
  readonly directive: Directive;
  readonly own: Map<string, Setting<unknown>>;
  readonly rows: Map<string, DirectiveRow>;
  readonly inner: Draft[];
  handler: string | null;
  /** Of a location. */
  readonly modifier: LocationModifier;
  readonly name: string;
  readonly parent: Draft | null;
  /** Of an if. */
  readonly condition: Condition | null;
}

export interface ReadingOptions {
  readonly disk: Disk;
  readonly confDirectory: string;
  readonly rows: readonly DirectiveRow[];
  resolveAtStart(name: string): readonly string[] | null;
  /** Whether a variable is built in and cannot be declared again. */
  isFixedVariable(name: string): boolean;
}

/** What reading a configuration found; `failed` is the first error, which stops nginx. */
export interface Reading {
  readonly options: ReadingOptions;
  readonly rows: ReadonlyMap<string, readonly DirectiveRow[]>;
  readonly diagnostics: Diagnostic[];
  failed: boolean;
  readonly shared: Map<string, unknown>;
  /** Variables that texts use, to be checked when http is complete. */
  readonly used: Set<string>;
  readonly declared: Set<string>;
  /** The directive that is being read. */
  at: Directive | null;
}

/** Starts reading with these rows of the directive table. */
export function startReading(options: ReadingOptions): Reading {
  const rows = new Map<string, DirectiveRow[]>();
  for (const row of options.rows) rows.set(row.name, [...(rows.get(row.name) ?? []), row]);
  return {
    options,
    rows,
    diagnostics: [],
    failed: false,
    shared: new Map(),
    used: new Set(),
    declared: new Set(),
    at: null,
  };
}

/** Notes the error that stops nginx. Only the first counts. */
export function fail(reading: Reading, error: ConfigError, at: Directive | null): void {
  if (reading.failed) return;
  reading.failed = true;
  const hasPlace = at !== null && error.withoutPlace === undefined;
  reading.diagnostics.push({
    severity: "error",
    message: `[emerg] ${error.emerg}`,
    file: hasPlace ? at.file : "",
    line: hasPlace ? at.line : 0,
    ...(at !== null && { start: at.span.start, end: at.span.end }),
  });
}

export function newDraft(kind: ContextName, directive: Directive, parent: Draft | null): Draft {
  return {
    kind,
    directive,
    own: new Map(),
    rows: new Map(),
    inner: [],
    handler: null,
    modifier: "",
    name: "",
    parent,
    condition: null,
  };
}

/** Reads the directives of a level into its draft, stopping at the first error. */
export function readLevel(reading: Reading, draft: Draft, directives: readonly Directive[]): void {
  for (const directive of directives) {
    if (reading.failed) return;
    readDirective(reading, draft, directive);
  }
}

function readDirective(reading: Reading, draft: Draft, directive: Directive): void {
  reading.at = directive;
  if (directive.unreadable !== undefined) fail(reading, { emerg: directive.unreadable }, directive);
  else {
    const problem = misplaced(directive, draft.kind);
    if (problem !== null) fail(reading, { emerg: problem }, directive);
    else if (STRUCTURE[directive.name] !== undefined && isStructural(directive, draft))
      STRUCTURE[directive.name](reading, draft, directive);
    else readSetting(reading, draft, directive);
  }
}

function isStructural(directive: Directive, draft: Draft): boolean {
  return directive.name !== "server" || draft.kind === "http";
}

/** Why the directive cannot stand here, in nginx's words, or null. */
function misplaced(directive: Directive, context: ContextName): string | null {
  const { name } = directive;
  const entries = grammarOf(name);
  if (entries === undefined) return `unknown directive "${name}"`;
  const here = entries.find((entry) => entry.contexts.includes(context));
  if (here === undefined) return `"${name}" directive is not allowed here`;
  if (!here.isBlock && directive.block !== null)
    return `directive "${name}" is not terminated by ";"`;
  if (here.isBlock && directive.block === null) return `directive "${name}" has no opening "{"`;
  if (!countFits(here, directive)) return `invalid number of arguments in "${name}" directive`;
  return null;
}

/** Source: NGX_CONF_MAX_ARGS, for directives that count their arguments. */
function countFits({ takes }: Grammar, directive: Directive): boolean {
  return fitsCount(takes, directive.args.length);
}

function readSetting(reading: Reading, draft: Draft, directive: Directive): void {
  const rows = reading.rows.get(directive.name) ?? [];
  const row = rows.find((candidate) => candidate.contexts.includes(draft.kind));
  if (row === undefined) {
    const takes = grammarOf(directive.name)?.[0].takes ?? { min: 0 };
    const plain = plainValueProblem(directive, takes);
    if (plain === null) notSimulated(reading, directive);
    else fail(reading, plain, directive);
    return;
  }
  const key = row.key ?? row.name;
  const before = draft.own.get(key);
  if (before !== undefined && row.repeat !== true) {
    fail(reading, { emerg: `"${directive.name}" directive is duplicate` }, directive);
    return;
  }
  if (!row.simulated) notSimulated(reading, directive);
  const plain = plainValueProblem(directive, row.takes);
  if (plain !== null) {
    fail(reading, plain, directive);
    return;
  }
  const value = row.parse(directive, buildContext(reading, draft), before?.value);
  if (isConfigError(value)) {
    fail(reading, value, directive);
    return;
  }
  draft.own.set(key, Object.freeze({ value, span: before?.span ?? directive.span }));
  draft.rows.set(key, row);
  if (row.handler !== undefined) draft.handler = row.handler;
}

function isConfigError(value: unknown): value is ConfigError {
  return typeof value === "object" && value !== null && "emerg" in value;
}

function notSimulated(reading: Reading, directive: Directive, what?: string): void {
  reading.diagnostics.push({
    severity: "not-simulated",
    message: `${what ?? `the directive "${directive.name}"`} is not simulated: it has no effect here`,
    file: directive.file,
    line: directive.line,
    start: directive.span.start,
    end: directive.span.end,
  });
}

/** Blocks that make levels of their own. */
const STRUCTURE: Readonly<
  Record<string, (reading: Reading, draft: Draft, directive: Directive) => void>
> = {
  events: (reading, draft, directive) => single(reading, draft, directive, "events"),
  http: (reading, draft, directive) => single(reading, draft, directive, "http"),
  server: (reading, draft, directive) => openBlock(reading, draft, directive, "server"),
  location: readLocation,
  if: readIf,
  limit_except: readLimitExcept,
};

function single(reading: Reading, draft: Draft, directive: Directive, kind: ContextName): void {
  if (draft.inner.some((block) => block.kind === kind))
    fail(reading, { emerg: `"${directive.name}" directive is duplicate` }, directive);
  else openBlock(reading, draft, directive, kind);
}

function openBlock(
  reading: Reading,
  parent: Draft,
  directive: Directive,
  extra: ContextName | Partial<Draft>,
): void {
  const made = typeof extra === "string" ? { kind: extra } : extra;
  const draft: Draft = { ...newDraft("location", directive, parent), ...made };
  parent.inner.push(draft);
  readLevel(reading, draft, directive.block ?? []);
}

function splitLocation(directive: Directive): { modifier: string; name: string } {
  const [first, second] = argumentTexts(directive);
  if (second !== undefined) return { modifier: first, name: second };
  const match = /^(=|\^~|~\*|~)?(.*)$/s.exec(first) as RegExpExecArray;
  if (match[1] !== undefined) return { modifier: match[1], name: match[2] };
  return { modifier: first.startsWith("@") ? "@" : "", name: first };
}

function readLocation(reading: Reading, draft: Draft, directive: Directive): void {
  const { modifier, name } = splitLocation(directive);
  const isWritten = directive.args.length === 2;
  if (!["", "=", "^~", "~", "~*", "@"].includes(modifier) || (modifier === "@" && isWritten)) {
    fail(reading, { emerg: `invalid location modifier "${modifier}"` }, directive);
    return;
  }
  const isRegex = modifier === "~" || modifier === "~*";
  if (isRegex) {
    const pattern = buildContext(reading, draft).pattern(name, directive, modifier === "~*");
    if (isConfigError(pattern)) {
      fail(reading, pattern, directive);
      return;
    }
  }
  const problem = draft.kind === "location" ? nestingProblem(draft, modifier, name) : null;
  if (problem !== null) {
    fail(reading, { emerg: problem }, directive);
    return;
  }
  const extra = { kind: "location" as const, modifier: modifier as LocationModifier, name };
  openBlock(reading, draft, directive, extra);
}

function nestingProblem(outer: Draft, modifier: string, name: string): string | null {
  const around = `"${outer.name}"`;
  if (outer.modifier === "=")
    return `location "${name}" cannot be inside the exact location ${around}`;
  if (outer.modifier === "@")
    return `location "${name}" cannot be inside the named location ${around}`;
  if (modifier === "@") return `named location "${name}" can be on the server level only`;
  if (modifier.startsWith("~") || name.startsWith(outer.name)) return null;
  return `location "${name}" is outside location ${around}`;
}

function readIf(reading: Reading, draft: Draft, directive: Directive): void {
  const build = buildContext(reading, draft);
  const condition = parseCondition(directive, build);
  if ("emerg" in condition) {
    fail(reading, condition, directive);
    return;
  }
  const kind = draft.kind === "server" ? "if in server" : "if in location";
  const around = { modifier: draft.modifier, name: draft.name };
  const script = draft.own.get("rewrite script")?.value as readonly unknown[] | undefined;
  const index = draft.inner.length;
  const step = { kind: "if", condition, inner: index, span: directive.span };
  const value = [...(script ?? []), step];
  draft.own.set("rewrite script", { value, span: directive.span });
  draft.rows.set("rewrite script", REWRITE);
  openBlock(reading, draft, directive, { kind, condition, ...around });
}

const METHODS =
  /^(?:GET|HEAD|POST|PUT|DELETE|MKCOL|COPY|MOVE|OPTIONS|PROPFIND|PROPPATCH|LOCK|UNLOCK|PATCH)$/i;

function readLimitExcept(reading: Reading, draft: Draft, directive: Directive): void {
  if (draft.inner.some((block) => block.kind === "limit_except")) {
    fail(reading, { emerg: `"limit_except" directive is duplicate` }, directive);
    return;
  }
  const wrong = argumentTexts(directive).find((method) => !METHODS.test(method));
  if (wrong !== undefined) {
    fail(reading, { emerg: `invalid method "${wrong}"` }, directive);
    return;
  }
  const around = { modifier: draft.modifier, name: draft.name };
  openBlock(reading, draft, directive, { kind: "limit_except", ...around });
}

/** What rows may ask about the level they are on. */
export function buildContext(reading: Reading, draft: Draft): BuildContext {
  const { options } = reading;
  return {
    disk: options.disk,
    confDirectory: options.confDirectory,
    context: draft.kind,
    location: isInLocation(draft) ? { modifier: draft.modifier, name: draft.name } : null,
    shared: reading.shared,
    resolveAtStart: options.resolveAtStart,
    template: (text, directive) => readTemplate(reading, text, directive),
    pattern: (text, _directive, caseless = false) => {
      const pattern = compilePattern(text, caseless);
      if ("names" in pattern) for (const name of pattern.names) reading.declared.add(name);
      return pattern;
    },
    declareVariable: (name) => {
      if (options.isFixedVariable(name))
        fail(reading, { emerg: `the duplicate "${name}" variable` }, reading.at);
      reading.declared.add(name);
    },
    has: (key) => draft.own.has(key),
    warn: (message, directive) => warn(reading, message, directive),
    notSimulated: (message, directive) => notSimulated(reading, directive, message),
  };
}

function isInLocation(draft: Draft): boolean {
  return (
    draft.kind === "location" || draft.kind === "limit_except" || draft.kind === "if in location"
  );
}

/** A `[warn]` line. */
export function warn(reading: Reading, message: string, directive: Directive | null): void {
  reading.diagnostics.push({
    severity: "warning",
    message: `[warn] ${message}`,
    file: directive?.file ?? "",
    line: directive?.line ?? 0,
  });
}

function readTemplate(reading: Reading, text: string, directive: Directive): Template {
  const template = compileTemplate(text);
  if (template === null) {
    const open = /\$\{([A-Za-z0-9_]+)$/.exec(text);
    const isOpen = open !== null && directive.name !== "log_format";
    const bad = isOpen
      ? `the closing bracket in "${open[1]}" variable is missing`
      : directive.name === "log_format"
        ? `invalid parameter "${/\$.*$/s.exec(text)?.[0] ?? text}"`
        : "invalid variable name";
    fail(reading, { emerg: bad }, directive);
    return { source: text, parts: [], constant: text };
  }
  for (const part of template.parts) if (part.kind === "variable") reading.used.add(part.name);
  return template;
}
