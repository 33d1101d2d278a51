// The typed configuration that nginx works with after reading nginx.conf: http, servers, locations,
// each level with all its settings, inheritance resolved, and every value with the place it was
// written at. Settings are keyed by the row of the directive table that made them, so that a module
// adds its own by adding rows.
import type { Disk } from "../../host/disk.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { Directive } from "./config-tree.ts";
import type { Pattern } from "./pattern.ts";
import type { Template } from "./template.ts";

/** Where a directive may stand. "entries" is the inside of map, types and the like: free lines. */
export type ContextName =
  | "main"
  | "events"
  | "http"
  | "server"
  | "location"
  | "if in server"
  | "if in location"
  | "limit_except"
  | "upstream"
  | "entries";

/** How many arguments: exactly one of these, or at least `min`, or one argument that is on or off. */
export type ArgumentCount = readonly number[] | { readonly min: number } | "flag";

/** A value and the place it was written at; null for a default. */
export interface Setting<T> {
  readonly value: T;
  readonly span: Span | null;
}

/** nginx's own words for what is wrong, without file and line: `invalid value "x"`. */
export interface ConfigError {
  readonly emerg: string;
  /** The message stands alone, without ` in FILE:LINE`. */
  readonly withoutPlace?: true;
}

/** A row of the directive table. */
export interface DirectiveRow<T = unknown> {
  readonly name: string;
  /** The setting it fills, when that is another's (alias fills root). */
  readonly key?: string;
  readonly contexts: readonly ContextName[];
  readonly takes: ArgumentCount;
  /** A block directive: the context of what stands inside. */
  readonly opens?: ContextName;
  /**
   * How an inner level gets the value of an outer one: "scalar" and "array" alike take it when they set none of
   * their own (the difference is for the words); "unnamed" passes into if and limit_except blocks only.
   */
  readonly inherit: "scalar" | "array" | "none" | "unnamed";
  /** May stand several times on one level: `parse` gets the value so far. */
  readonly repeat?: true;
  /** False: nginx knows it, this program ignores it and says so. */
  readonly simulated: boolean;
  /** What holds when no level sets it. */
  readonly fallback: T;
  /** Makes the location's content handler: its name in the phase table (proxy_pass: "proxy"). */
  readonly handler?: string;
  /** The level that was asked for it last, and what it said: the next request of a crowd asks the same. */
  readonly seen: { conf: Conf | null; setting: Setting<unknown> | null };
  /** The new value, or what is wrong. `before` is the value so far on the same level (repeat). */
  parse(directive: Directive, build: BuildContext, before: T | undefined): T | ConfigError;
}

/** What a row's parser may ask about the place it stands in. */
export interface BuildContext {
  readonly disk: Disk;
  /** The directory of nginx.conf, for relative names: "/etc/nginx". */
  readonly confDirectory: string;
  /** The kind of level it stands on. */
  readonly context: ContextName;
  /** The location it stands in (the one around an if or limit_except), or null. */
  readonly location: { readonly modifier: LocationModifier; readonly name: string } | null;
  /** Addresses of a name as the resolver gives them at start; null when it does not resolve. */
  resolveAtStart(name: string): readonly string[] | null;
  /** Compiles a text with variables; unknown variables are reported when http is complete. */
  template(text: string, directive: Directive): Template;
  /** Compiles a regular expression, or says what is wrong with it in PCRE's words. */
  pattern(text: string, directive: Directive, caseless?: boolean): Pattern | ConfigError;
  /** Makes a variable known (set, map, named captures, geo). */
  declareVariable(name: string): void;
  /** What was read so far in this configuration, shared by all rows: names of log formats, zones. */
  readonly shared: Map<string, unknown>;
  warn(message: string, directive: Directive | null): void;
  /** Whether this level has such a setting of its own already. */
  has(key: string): boolean;
  notSimulated(message: string, directive: Directive): void;
}

/** A level's settings: by directive name, inherited ones included. */
export interface Conf {
  readonly settings: ReadonlyMap<string, Setting<unknown>>;
  readonly span: Span | null;
}

/** The value of a setting on a level, with the place that decided it. */
export function settingOf<T>(conf: Conf, row: DirectiveRow<T>): Setting<T> {
  const { seen } = row;
  if (seen.conf === conf) return seen.setting as Setting<T>;
  const found = conf.settings.get(row.key ?? row.name) as Setting<T> | undefined;
  const setting = found ?? { value: row.fallback, span: null };
  // A level is frozen when all its settings are there.
  if (Object.isFrozen(conf)) {
    seen.conf = conf;
    seen.setting = setting;
  }
  return setting;
}

/** The value alone. */
export function valueAt<T>(conf: Conf, row: DirectiveRow<T>): T {
  return settingOf(conf, row).value;
}

export type LocationModifier = "" | "=" | "^~" | "~" | "~*" | "@";

/** One step of the rewrite module's script, in file order. */
export type ScriptStep =
  | {
      readonly kind: "rewrite";
      readonly pattern: Pattern;
      readonly replacement: Template;
      readonly flag: RewriteFlag;
      /** 301 or 302 when the replacement is an answer to the client; 0 otherwise. */
      readonly redirect: number;
      readonly appendArgs: boolean;
      readonly span: Span;
    }
  | {
      readonly kind: "return";
      readonly status: number;
      readonly text: Template | null;
      readonly span: Span;
    }
  | { readonly kind: "set"; readonly name: string; readonly value: Template; readonly span: Span }
  | {
      readonly kind: "if";
      readonly condition: Condition;
      readonly inner: LocationConf;
      readonly span: Span;
    }
  | { readonly kind: "break"; readonly span: Span };

export type RewriteFlag = "" | "last" | "break" | "redirect" | "permanent";

export type Condition =
  | { readonly kind: "true"; readonly variable: string }
  | {
      readonly kind: "equal";
      readonly variable: string;
      readonly value: Template;
      readonly negated: boolean;
    }
  | {
      readonly kind: "match";
      readonly variable: string;
      readonly pattern: Pattern;
      readonly negated: boolean;
    }
  | {
      readonly kind: "file";
      readonly test: "f" | "d" | "e" | "x";
      readonly path: Template;
      readonly negated: boolean;
    };

/** A location, an if or limit_except block, or (kind "server") what holds where no location matches. */
export interface LocationConf extends Conf {
  readonly kind: "server" | "location" | "if" | "limit_except";
  readonly modifier: LocationModifier;
  /** The name without the modifier: `/static/`, `\.png$`, `@app`; empty for kind "server". */
  readonly name: string;
  /** Modifier and name as written: `^~ /static/`; for if and limit_except the location's around it. */
  readonly label: string;
  readonly pattern: Pattern | null;
  /** Nested locations. */
  readonly inner: LocationTree;
  readonly script: readonly ScriptStep[];
  /** The name of its content handler, or null: index, autoindex and static in turn. */
  readonly handler: string | null;
  /** The limit_except block inside: methods that pass, and what holds for the others. */
  readonly limitExcept: { readonly methods: readonly string[]; readonly conf: LocationConf } | null;
  /** The name ends in a slash and a handler like proxy_pass is set: 301 without the slash. */
  readonly autoRedirect: boolean;
  readonly span: Span;
  /** The line nginx names for it: where its brace opens. */
  readonly line: number;
}

/** A location as a cause names it: `location ^~ /static/`, or the server block where none matched. */
export function placeText({ label }: LocationConf): string {
  return label === "" ? "the server block itself" : `location ${label}`;
}

/** The locations of one level, sorted as nginx searches them. */
export interface LocationTree {
  /** `=`, `^~` and plain ones, in file order. */
  readonly prefixes: readonly LocationConf[];
  /** `~` and `~*`, in file order. */
  readonly regexes: readonly LocationConf[];
  readonly named: ReadonlyMap<string, LocationConf>;
}

export interface ServerName {
  /** As written. */
  readonly text: string;
  readonly kind: "exact" | "leading" | "trailing" | "regex";
  /** Lower case, without the wildcard: `.example.com` (leading), `www.` (trailing). */
  readonly key: string;
  readonly pattern: Pattern | null;
  readonly span: Span | null;
}

export interface ListenSpec {
  /** As bound: `0.0.0.0:80`, `[::]:80`, `unix:/run/x.sock`. */
  readonly text: string;
  readonly ip: string;
  readonly port: number;
  readonly unixPath: string | null;
  readonly defaultServer: boolean;
  readonly ssl: boolean;
  readonly http2: boolean;
  readonly proxyProtocol: boolean;
  readonly backlog: number;
  readonly span: Span;
}

export interface ServerConf extends Conf {
  readonly index: number;
  /** $server_name: the first name, or empty. */
  readonly firstName: string;
  readonly names: readonly ServerName[];
  readonly listens: readonly ListenSpec[];
  /** The server level seen as a location: what holds where no location matches. */
  readonly location: LocationConf;
  readonly locations: LocationTree;
  /** Rewrite directives of the server block itself. */
  readonly script: readonly ScriptStep[];
  readonly span: Span;
  readonly line: number;
}

/** An address:port with its servers. */
export interface AddressConf {
  readonly listen: ListenSpec;
  readonly servers: readonly ServerConf[];
  readonly defaultServer: ServerConf;
  /** Name tables, conflicts removed. */
  readonly exact: ReadonlyMap<string, ServerConf>;
  readonly leading: ReadonlyMap<string, ServerConf>;
  readonly trailing: ReadonlyMap<string, ServerConf>;
  readonly regex: readonly { readonly name: ServerName; readonly server: ServerConf }[];
  /** Names that two servers claim: the first has them. */
  readonly conflicts: readonly string[];
}

export interface HttpConf extends Conf {
  /** The line of its closing brace. */
  readonly endLine: number;
  readonly servers: readonly ServerConf[];
  /** By port: the addresses listened on. */
  readonly addresses: readonly AddressConf[];
}

/** A whole configuration that nginx accepted. Frozen; workers of a generation share it. */
export interface Configuration {
  readonly path: string;
  readonly main: Conf;
  readonly events: Conf;
  readonly http: HttpConf | null;
}
