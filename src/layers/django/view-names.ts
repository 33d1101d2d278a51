// Names in the steps of a scenario's views that mean nothing here: decorators, exceptions, attributes of
// the request. A step that is unknown itself is refused when the scenario is read.
import { qualifiedName } from "./traceback.ts";
import type { Decorator, MiddlewareSpec, ViewSpec, ViewStep } from "./view-spec.ts";

/** What is not simulated, and where: a path in the JSON text of `views` or `middleware`. */
export interface UnknownName {
  readonly part: "views" | "middleware";
  readonly place: string;
  readonly message: string;
}

const DECORATORS = new Set(
  (
    "login_required permission_required csrf_exempt csrf_protect ensure_csrf_cookie require_GET " +
    "require_POST require_safe require_http_methods never_cache cache_page cache_control etag " +
    "last_modified conditional_page gzip_page vary_on_cookie vary_on_headers xframe_options_exempt " +
    "xframe_options_sameorigin xframe_options_deny atomic non_atomic_requests"
  ).split(" "),
);

export function isKnownDecorator(name: string): boolean {
  return DECORATORS.has(name);
}

const ATTRIBUTES = new Set(
  (
    "get_host build_absolute_uri get_full_path get_port scheme is_secure method path path_info " +
    "content_type COOKIES language reverse GET body POST FILES session user"
  ).split(" "),
);

/** Builtin exceptions whose names do not end in Error, and those of the network that do. */
const BUILTIN =
  /^(?:Base)?Exception$|^(?:Stop(?:Async)?Iteration|SystemExit|KeyboardInterrupt|GeneratorExit|\w*Warning)$|^(?:Arithmetic|Assertion|Attribute|BlockingIO|BrokenPipe|Buffer|ChildProcess|Connection|ConnectionAborted|ConnectionRefused|ConnectionReset|EOF|FileExists|FileNotFound|FloatingPoint|IO|Import|Indentation|Index|Interrupted|IsADirectory|Key|Lookup|Memory|ModuleNotFound|Name|NotADirectory|NotImplemented|OS|Overflow|Permission|ProcessLookup|Recursion|Reference|Runtime|Syntax|System|Tab|Timeout|Type|UnboundLocal|Unicode|UnicodeDecode|UnicodeEncode|UnicodeTranslate|Value|ZeroDivision)Error$/;

function isKnownException(name: string): boolean {
  return BUILTIN.test(name) || qualifiedName(name) !== name;
}

/** Everything unknown in what a project's own code does. */
export function unknownNames(
  views: Readonly<Record<string, ViewSpec>>,
  middleware: Readonly<Record<string, MiddlewareSpec>>,
): readonly UnknownName[] {
  const found: UnknownName[] = [];
  for (const [path, { decorators = [], steps }] of Object.entries(views)) {
    const tell = (place: string, message: string): void => {
      found.push({ part: "views", place: `${path}${place}`, message });
    };
    decorators.forEach((decorator, i) => {
      const name = nameOf(decorator);
      if (!isKnownDecorator(name))
        tell(
          `.decorators[${i}]`,
          `the decorator ${name} is not simulated: it passes everything on`,
        );
    });
    checkSteps(steps, ".steps", tell);
  }
  for (const [path, spec] of Object.entries(middleware))
    for (const hook of ["request", "view", "exception", "response"] as const)
      checkSteps(spec[hook] ?? [], `.${hook}`, (place, message) => {
        found.push({ part: "middleware", place: `${path}${place}`, message });
      });
  return found;
}

function nameOf(decorator: Decorator): string {
  return typeof decorator === "string" ? decorator : (Object.keys(decorator)[0] ?? "");
}

type Tell = (place: string, message: string) => void;

function checkSteps(steps: readonly ViewStep[], place: string, tell: Tell): void {
  steps.forEach((step, i) => {
    const at = `${place}[${i}]`;
    if ("raise" in step && !isKnownException(step.raise))
      tell(at, `${step.raise} is no exception of Django or Python: it counts as any other`);
    if ("echo" in step)
      for (const name of step.echo)
        if (!ATTRIBUTES.has(name) && !name.startsWith("META."))
          tell(
            at,
            `the request has no attribute ${name} here: asking for it raises AttributeError`,
          );
    if ("transaction" in step) checkSteps(step.transaction, `${at}.transaction`, tell);
  });
}
