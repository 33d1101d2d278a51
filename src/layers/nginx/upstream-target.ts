// Which upstream a request goes to: the one its proxy_pass or uwsgi_pass names, or the one its variables give.
// Source: nginx 1.22.1, ngx_http_upstream.c (ngx_http_upstream_init_request, ngx_http_upstream_add) and
// ngx_http_upstream_round_robin.c (ngx_http_upstream_init_round_robin).
import type { Address } from "../../host/network.ts";
import type { Span } from "../../text/diagnostic.ts";
import type { PeerConfig } from "./balancer.ts";
import type { NginxContext } from "./phases.ts";
import { proxyPassRow } from "./proxy-directives.ts";
import { type ProxyTarget, type ProxyUrl, readProxyUrl } from "./proxy-pass.ts";
import type { NginxRequest } from "./request.ts";
import {
  type HttpConf,
  type LocationConf,
  type LocationTree,
  settingOf,
  valueAt,
} from "./settings.ts";
import {
  addressesOf,
  addressText,
  numericHost,
  parseUpstreamUrl,
  type UpstreamUrl,
} from "./upstream-address.ts";
import { implicitBlock, type UpstreamBlock, upstreamRow } from "./upstream-block.ts";
import type { UpstreamPrefix } from "./upstream-directives.ts";
import { uwsgiPassRow } from "./uwsgi-directives.ts";

/** Where a request goes. */
export interface ChosenTarget {
  readonly url: ProxyUrl;
  readonly block: UpstreamBlock;
  readonly target: ProxyTarget;
  readonly hasVariables: boolean;
  /** A host that must be resolved first. */
  readonly unresolved?: UpstreamUrl;
}

/** No target: the status the request ends with. */
export interface NoTarget {
  readonly status: number;
}

/** Upstreams that proxy_pass makes by itself, resolved when the configuration was read. */
const implicitBlocks = new WeakMap<HttpConf, Map<string, UpstreamBlock>>();

/** The target of a request, or the status it ends with. */
export function chooseTarget(
  context: NginxContext,
  request: NginxRequest,
  module: UpstreamPrefix,
): ChosenTarget | NoTarget {
  const row = module === "proxy" ? proxyPassRow : uwsgiPassRow;
  const target = valueAt(request.location, row);
  if (target === null) return { status: 500 };
  if (target.url === null) return variableTarget(context, request, module, target);
  const known = fixedTargets.get(target);
  if (known !== undefined) return known;
  const block = blockOfUrl(request, target.url.target);
  if (block === null) return { status: 502 };
  const chosen = { url: target.url, block, target, hasVariables: false };
  fixedTargets.set(target, chosen);
  return chosen;
}

/** Of targets without variables: one configuration gives them one block for good. */
const fixedTargets = new WeakMap<ProxyTarget, ChosenTarget>();

function variableTarget(
  context: NginxContext,
  request: NginxRequest,
  module: UpstreamPrefix,
  target: ProxyTarget,
): ChosenTarget | NoTarget {
  const text = target.template === null ? target.text : context.evaluate(target.template, request);
  const url = module === "proxy" ? readProxyUrl(text) : readUwsgiUrl(text);
  if ("error" in url) {
    const isPrefix = url.error === "invalid URL prefix" || /^https?:\/\/$/i.test(text);
    context.logError(request, "error", isPrefix ? `invalid URL prefix in "${text}"` : url.error);
    return { status: 500 };
  }
  const named = namedBlock(request, url.target);
  if (named !== null) return { url, block: named, target, hasVariables: true };
  const isNumeric = url.target.isUnix || numericHost(url.target.host) !== null;
  if (!isNumeric) {
    const block = implicitBlock(url.target.hostPort, []);
    return { url, block, target, hasVariables: true, unresolved: url.target };
  }
  const addresses = addressesOf(url.target, () => null) ?? [];
  const block = implicitBlock(
    url.target.hostPort,
    addresses.map((one) => peerOf(url.target, one)),
  );
  return { url, block, target, hasVariables: true };
}

function readUwsgiUrl(text: string): ProxyUrl | { readonly error: string } {
  const rest = text.replace(/^uwsgi:\/\//, "");
  const target = parseUpstreamUrl(rest, 0, false);
  if ("error" in target) return { error: `${target.error} in upstream "${rest}"` };
  return { schema: "uwsgi://", target, hostHeader: target.host, port: "", uri: "" };
}

function namedBlock(request: NginxRequest, url: UpstreamUrl): UpstreamBlock | null {
  const http = request.configuration.http;
  if (http === null || url.isUnix || !url.noPort) return null;
  return settingOf(http, upstreamRow).value.get(url.host.toLowerCase()) ?? null;
}

function blockOfUrl(request: NginxRequest, url: UpstreamUrl): UpstreamBlock | null {
  const named = namedBlock(request, url);
  if (named !== null) return named;
  const http = request.configuration.http;
  if (http === null) return null;
  const known = implicitBlocks.get(http) ?? new Map<string, UpstreamBlock>();
  implicitBlocks.set(http, known);
  const found = known.get(keyOf(url));
  if (found !== undefined) return found;
  const addresses = addressesOf(url, () => null);
  if (addresses === null) return null;
  const made = implicitBlock(
    url.hostPort,
    addresses.map((one) => peerOf(url, one)),
  );
  known.set(keyOf(url), made);
  return made;
}

/** The line of proxy_pass or uwsgi_pass that a request obeys. */
export function passSpan(request: NginxRequest): Span | null {
  const { location } = request;
  return (valueAt(location, proxyPassRow) ?? valueAt(location, uwsgiPassRow))?.span ?? null;
}

/** The upstream of a name that has been resolved. */
export function resolvedBlock(url: UpstreamUrl, addresses: readonly string[]): UpstreamBlock {
  const peers = addresses.map((ip) => peerOf(url, { kind: "tcp", ip, port: url.port }));
  return implicitBlock(url.hostPort, peers);
}

const keyOf = (url: UpstreamUrl): string => `${url.hostPort} ${url.port}`;

function peerOf(url: UpstreamUrl, address: Address): PeerConfig {
  return Object.freeze({
    name: addressText(address),
    server: url.hostPort,
    address,
    weight: 1,
    maxFails: 1,
    failTimeoutSeconds: 10,
    maxConns: 0,
    down: false,
    span: null,
  });
}

/** Resolves the hosts that proxy_pass names by themselves; the first that cannot be found stops nginx. */
export function resolveTargets(
  http: HttpConf,
  resolve: (name: string) => readonly string[] | null,
): { readonly emerg: string } | null {
  const blocks = settingOf(http, upstreamRow).value;
  const known = new Map<string, UpstreamBlock>();
  implicitBlocks.set(http, known);
  for (const location of allLocations(http)) {
    const target = valueAt(location, proxyPassRow) ?? valueAt(location, uwsgiPassRow);
    if (target === null || target.url === null) continue;
    const problem = resolveTarget(target.url.target, blocks, known, resolve);
    const { file, line } = target.span;
    if (problem !== null) return { emerg: `${problem} in ${file}:${line}` };
  }
  return null;
}

function resolveTarget(
  url: UpstreamUrl,
  blocks: ReadonlyMap<string, UpstreamBlock>,
  known: Map<string, UpstreamBlock>,
  resolve: (name: string) => readonly string[] | null,
): string | null {
  const isNamed = !url.isUnix && blocks.has(url.host.toLowerCase());
  if (isNamed) return url.noPort ? null : `upstream "${url.host}" may not have port ${url.port}`;
  if (known.has(keyOf(url))) return null;
  const addresses = addressesOf(url, resolve);
  if (addresses === null) return `host not found in upstream "${url.hostPort}"`;
  if (url.port === 0 && !url.isUnix) return `no port in upstream "${url.hostPort}"`;
  known.set(
    keyOf(url),
    implicitBlock(
      url.hostPort,
      addresses.map((one) => peerOf(url, one)),
    ),
  );
  return null;
}

/** Every location of every server, with its if and limit_except blocks and the server levels. */
export function* allLocations(http: HttpConf): Generator<LocationConf> {
  for (const server of http.servers) {
    yield* withInner(server.location);
    yield* locationsOf(server.locations);
  }
}

function* locationsOf(tree: LocationTree): Generator<LocationConf> {
  for (const location of [...tree.prefixes, ...tree.regexes, ...tree.named.values()]) {
    yield* withInner(location);
    yield* locationsOf(location.inner);
  }
}

function* withInner(location: LocationConf): Generator<LocationConf> {
  yield location;
  if (location.limitExcept !== null) yield location.limitExcept.conf;
  for (const step of location.script) if (step.kind === "if") yield* withInner(step.inner);
}
