// Rendering a template inside a request: its context, what the context processors add, and the frames
// for what has to be looked up meanwhile (the user, when the template asks for it).
// Source: django/template/engine.py, context_processors.py, shortcuts.py, 3.2.
// Simplification: a template that comes to more than a million nodes ends in a MemoryError, as it would after
// minutes; one whose tags are nested too deeply in a TemplateSyntaxError instead of a RecursionError.

import { textChunk } from "../../host/network.ts";
import type { Message } from "../layer.ts";
import { RENDER_NS } from "./costs.ts";
import { csrfToken } from "./csrf.ts";
import { appOf, type Django, fire, isIn, keepDiagnostics, note, settingsOf } from "./django.ts";
import { escapeHtml } from "./error-pages.ts";
import { DEFAULT_TYPE, makeResponse, utf8 } from "./http-response.ts";
import { reverseName } from "./login-url.ts";
import { asResponse, type FrameOf, finish, type Run, raise } from "./run.ts";
import { setting } from "./settings.ts";
import { haveContext, processors, requestContext, userContext } from "./template-context.ts";
import { findTemplate, type TemplateFile } from "./template-files.ts";
import { applyFilter, isTrue, printed } from "./template-filters.ts";
import { type ParsedTemplate, parseTemplate, type TemplateNode } from "./template-language.ts";
import { condition, filtered, lookUp, MESSAGES, type Names } from "./template-values.ts";
import { type Argument, textArgument } from "./url-pattern.ts";

/** Renders into the response that run.value holds when the frame is made, or into a new one. */
export function templateFrame(django: Django, run: Run, frame: FrameOf<"template">): void {
  if (frame.pc === 0) {
    frame.pc = 1;
    frame.target ??= asResponse(run.value);
    frame.costNs = RENDER_NS;
    return;
  }
  const file = findTemplate(django, run, frame.name);
  if (file === null) {
    raise(run, "TemplateDoesNotExist", frame.name);
    return;
  }
  const bare = frame.bare === true;
  if (!bare && !haveContext(django, run, file.text)) return;
  const text = renderText(django, run, {
    file,
    context: { ...(frame.target?.template?.context ?? {}), ...frame.context },
    bare,
  });
  if (typeof text !== "string") {
    raise(run, text.name, text.message);
    return;
  }
  const response = frame.target ?? makeResponse("", { type: DEFAULT_TYPE });
  response.content = Object.freeze([textChunk(utf8(text))]);
  response.template = null;
  response.encoded = false;
  response.title = file.path;
  if (isIn(django, run, "view")) {
    const row = fire(django, run, "renderTemplate", text.length);
    note(django, run, row, () => ({
      values: {
        template: frame.name,
        bytes: text.length,
        path: file.path,
        "inside template": "done",
        "detail template": frame.name,
      },
      cause: {
        file: file.path,
        line: 1,
        note: "the first template of this name in DIRS and the apps",
      },
      messages: [contextMessage(frame.context)],
    }));
  }
  finish(run, response);
}

interface Rendering extends Names {
  /** What children put into a block, the youngest first. */
  readonly blocks: Map<string, (readonly TemplateNode[])[]>;
  problem: { readonly name: string; readonly message: string } | null;
  depth: number;
  /** How many nodes were rendered: loops in loops are many. */
  nodes: number;
  /** How often {% cycle %} was met, and what {% ifchanged %} saw last. */
  readonly seen: Map<string, string | number>;
  /** Inside {% autoescape off %}. */
  unescaped: boolean;
  readonly bare: boolean;
}

type Problem = { readonly name: string; readonly message: string };

/** How deep templates may include and extend one another. */
const DEPTH_MAX = 20;
const NODES_MAX = 1_000_000;

interface RenderingOf {
  readonly file: TemplateFile;
  readonly context: Readonly<Record<string, unknown>>;
  /** Without the request: no context processor runs. */
  readonly bare: boolean;
}

function renderText(
  django: Django,
  run: Run,
  { file, context, bare }: RenderingOf,
): string | Problem {
  const names = bare ? [] : processors(settingsOf(django, run));
  const rendering: Rendering = {
    django,
    run,
    context: { ...context },
    blocks: new Map(),
    problem: null,
    depth: 0,
    nodes: 0,
    seen: new Map(),
    unescaped: false,
    bare,
  };
  if (names.includes("auth")) rendering.context.user ??= userContext(run);
  if (names.includes("request")) rendering.context.request ??= requestContext(run);
  if (names.includes("messages")) rendering.context[MESSAGES] = true;
  const out = renderTemplate(rendering, parsedFile(rendering, file));
  return rendering.problem ?? out;
}

/** A template as it is read, with what of it is not simulated told once. */
function parsedFile({ django }: Rendering, { path, text }: TemplateFile): ParsedTemplate {
  const template = parseTemplate(text);
  if (template.notSimulated.length > 0)
    keepDiagnostics(
      django,
      template.notSimulated.map(({ what, line }) => ({
        ...{ severity: "not-simulated" as const, file: path, line },
        message: `${what} is known, but not simulated`,
      })),
    );
  return template;
}

function renderTemplate(rendering: Rendering, template: ParsedTemplate): string {
  if (template.problem !== null) {
    rendering.problem ??= { name: "TemplateSyntaxError", message: template.problem };
    return "";
  }
  if (template.parent === null) return renderNodes(rendering, template.nodes);
  for (const node of template.nodes)
    if (node.kind === "block")
      rendering.blocks.set(node.name, [...(rendering.blocks.get(node.name) ?? []), node.body]);
  return renderFile(rendering, String(lookUp(rendering, template.parent) ?? ""));
}

function renderFile(rendering: Rendering, name: string): string {
  const file = findTemplate(rendering.django, rendering.run, name);
  if (file === null || rendering.depth > DEPTH_MAX) {
    rendering.problem ??= { name: "TemplateDoesNotExist", message: name };
    return "";
  }
  rendering.depth++;
  const text = renderTemplate(rendering, parsedFile(rendering, file));
  rendering.depth--;
  return text;
}

function renderNodes(rendering: Rendering, nodes: readonly TemplateNode[]): string {
  return nodes.map((node) => renderNode(rendering, node)).join("");
}

function renderNode(rendering: Rendering, node: TemplateNode): string {
  if (++rendering.nodes > NODES_MAX) rendering.problem ??= { name: "MemoryError", message: "" };
  if (rendering.problem !== null) return "";
  switch (node.kind) {
    case "text":
      return node.text;
    case "variable":
      return renderVariable(rendering, node.expression);
    case "block":
      return renderBlock(rendering, [...(rendering.blocks.get(node.name) ?? []), node.body]);
    case "if": {
      const branch = node.branches.find(({ test }) => condition(rendering, test));
      return branch === undefined ? "" : renderNodes(rendering, branch.body);
    }
    case "for":
      return renderFor(rendering, node);
    case "scope":
      return renderScope(rendering, node);
    default:
      return renderTag(rendering, node.name, node.argument);
  }
}

/** The youngest child's content; {{ block.super }} in it is that of the next one up. */
function renderBlock(rendering: Rendering, bodies: readonly (readonly TemplateNode[])[]): string {
  const [body, ...above] = bodies;
  const { block } = rendering.context;
  const usesSuper = above.length > 0 && JSON.stringify(body).includes("block.super");
  rendering.context.block = { super: usesSuper ? renderBlock(rendering, above) : "" };
  const text = renderNodes(rendering, body);
  rendering.context.block = block;
  return text;
}

/** with, autoescape, spaceless and filter: a body with something around it. */
function renderScope(rendering: Rendering, node: TemplateNode & { kind: "scope" }): string {
  const { name, argument, body } = node;
  if (name === "with") return withValues(rendering, argument, () => renderNodes(rendering, body));
  const { unescaped } = rendering;
  if (name === "autoescape") rendering.unescaped = argument === "off";
  const text = renderNodes(rendering, body);
  rendering.unescaped = unescaped;
  if (name === "ifchanged") {
    const now = argument === "" ? text : printed(filtered(rendering, argument).value ?? "");
    const before = rendering.seen.get(`ifchanged ${argument}`);
    rendering.seen.set(`ifchanged ${argument}`, now);
    return before === now ? "" : text;
  }
  if (name === "spaceless") return text.trim().replace(/>\s+</g, "><");
  return name === "filter" ? printed(applyFilter(argument, text, undefined)) : text;
}

/** `a=b c=d` or `b as a`: names for the time of a body. */
function withValues(rendering: Rendering, argument: string, render: () => string): string {
  const saved = { ...rendering.context };
  const renamed = /^(\S+)\s+as\s+(\w+)$/.exec(argument);
  if (renamed !== null) rendering.context[renamed[2]] = filtered(rendering, renamed[1]).value;
  for (const [, name, value] of argument.matchAll(/(\w+)=("[^"]*"|'[^']*'|\S+)/g))
    rendering.context[name] = filtered(rendering, value).value;
  const text = render();
  for (const key of Object.keys(rendering.context))
    if (!(key in saved)) delete rendering.context[key];
  Object.assign(rendering.context, saved);
  return text;
}

function renderFor(rendering: Rendering, node: TemplateNode & { kind: "for" }): string {
  const value = lookUp(rendering, node.over);
  const items = Array.isArray(value)
    ? value
    : typeof value === "object" && value !== null
      ? Object.keys(value)
      : [];
  if (items.length === 0) return renderNodes(rendering, node.empty);
  rendering.nodes += items.length;
  const saved = { ...rendering.context };
  const texts = items.map((item, index) => {
    const values = node.names.length > 1 && Array.isArray(item) ? item : [item];
    node.names.forEach((name, i) => {
      rendering.context[name] = values[i];
    });
    rendering.context.forloop = {
      counter: index + 1,
      counter0: index,
      first: index === 0,
      last: index === items.length - 1,
    };
    return renderNodes(rendering, node.body);
  });
  for (const name of [...node.names, "forloop"]) rendering.context[name] = saved[name];
  return texts.join("");
}

function renderTag(rendering: Rendering, name: string, argument: string): string {
  const { django, run } = rendering;
  const first = String(lookUp(rendering, argument.split(/\s+/)[0]) ?? "");
  switch (name) {
    case "csrf_token":
      // Without a request there is no token in the context.
      if (rendering.bare) return "";
      return `<input type="hidden" name="csrfmiddlewaretoken" value="${csrfToken(django, run)}">`;
    case "include":
      return withValues(rendering, argument.slice(argument.indexOf(" ")), () =>
        renderFile(rendering, first),
      );
    case "firstof": {
      const words = argument.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
      const found = words.map((word) => filtered(rendering, word).value).find(isTrue);
      return found === undefined ? "" : escapeHtml(printed(found));
    }
    case "cycle": {
      const words = argument.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
      const turn = Number(rendering.seen.get(argument) ?? 0);
      rendering.seen.set(argument, turn + 1);
      return escapeHtml(printed(filtered(rendering, words[turn % words.length] ?? "").value ?? ""));
    }
    case "now":
      return django.host.clock.isoDate().slice(0, argument === "'Y'" ? 4 : 10);
    case "static":
      return `${setting<string | null>(settingsOf(django, run), "STATIC_URL") ?? ""}${first}`;
    case "url":
      return reversed(rendering, argument, first);
    default:
      return "";
  }
}

/** {% url %}: NoReverseMatch is the template's own error. */
function reversed(rendering: Rendering, argument: string, name: string): string {
  const { django, run } = rendering;
  if (appOf(django, run).urlconf === null) return "";
  const words = argument.match(/\w+=(?:"[^"]*"|'[^']*'|\S+)|"[^"]*"|'[^']*'|\S+/g) ?? [];
  const args: Argument[] = [];
  const kwargs = new Map<string, Argument>();
  for (const word of words.slice(1)) {
    const named = /^(\w+)=(.*)$/.exec(word);
    const text = printed(filtered(rendering, named?.[2] ?? word).value ?? "");
    if (named === null) args.push(textArgument(text));
    else kwargs.set(named[1], textArgument(text));
  }
  const result = reverseName(django, run, name, { args, kwargs });
  if ("url" in result) return result.url;
  rendering.problem ??= { name: "NoReverseMatch", message: result.problem };
  return "";
}

function renderVariable(rendering: Rendering, expression: string): string {
  const { value, safe } = filtered(rendering, expression);
  const text = value === undefined ? "" : printed(value);
  return safe || rendering.unescaped ? text : escapeHtml(text);
}

/** Longest value of the context that is shown. */
const CONTEXT_VALUE_MAX = 200;

/** What the view handed to the template, by name. */
function contextMessage(context: Readonly<Record<string, unknown>>): Message {
  const fields = Object.entries(context).map(([name, value]) => ({
    name,
    value: (JSON.stringify(value) ?? "None").slice(0, CONTEXT_VALUE_MAX),
  }));
  const none = [{ name: "(nothing)", value: "", note: "the view passes no names of its own" }];
  return { kind: "table", title: "Context", fields: fields.length > 0 ? fields : none };
}
