// The packet that uwsgi_pass sends: four bytes of head, then pairs of names and values, each with its length in two
// bytes, little endian. The body follows as it is.
// Source: nginx 1.22.1, ngx_http_uwsgi_module.c, ngx_http_uwsgi_create_request; uwsgi documentation, "The uwsgi
// (lowercase!) Protocol".
import type { Revalidation } from "./proxy-request.ts";
import type { HeaderLine } from "./request.ts";

/** A `uwsgi_param` line with its value for this request. */
export interface UwsgiParameter {
  readonly name: string;
  readonly value: string;
  readonly ifNotEmpty: boolean;
}

export interface UwsgiPacketParts {
  readonly modifier1: number;
  readonly modifier2: number;
  readonly parameters: readonly UwsgiParameter[];
  readonly client: readonly HeaderLine[];
  readonly revalidation: Revalidation | null;
}

/** The size of the pairs has two bytes. */
const PAIRS_BYTES_MAX = 65_535;

/** The pairs of a packet in order. */
export function uwsgiPairs(parts: UwsgiPacketParts): (readonly [string, string])[] {
  const parameters = [...parts.parameters, ...cacheParameters(parts)];
  const pairs = parameters
    .filter((parameter) => parameter.value !== "" || !parameter.ifNotEmpty)
    .map((parameter) => [parameter.name, parameter.value] as const);
  const named = new Set(parameters.map((parameter) => parameter.name));
  const headers = parts.client
    .map((header) => [`HTTP_${headerVariable(header.name)}`, header.value] as const)
    .filter(([name]) => !named.has(name));
  return [...pairs, ...headers];
}

function cacheParameters(parts: UwsgiPacketParts): UwsgiParameter[] {
  if (parts.revalidation === null) return [];
  const defaults = {
    HTTP_IF_MODIFIED_SINCE: parts.revalidation.lastModified,
    HTTP_IF_UNMODIFIED_SINCE: "",
    HTTP_IF_NONE_MATCH: parts.revalidation.etag,
    HTTP_IF_MATCH: "",
    HTTP_RANGE: "",
    HTTP_IF_RANGE: "",
  };
  return Object.entries(defaults)
    .filter(([name]) => !parts.parameters.some((parameter) => parameter.name === name))
    .map(([name, value]) => ({ name, value, ifNotEmpty: true }));
}

/** `X-Forwarded-For` as `X_FORWARDED_FOR`. */
function headerVariable(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

/** The packet's bytes (latin-1), or null when its pairs do not fit. */
export function uwsgiPacket(parts: UwsgiPacketParts): string | null {
  const pairs = uwsgiPairs(parts);
  const body = pairs.map(([name, value]) => sized(name) + sized(value)).join("");
  if (body.length > PAIRS_BYTES_MAX) return null;
  return byte(parts.modifier1) + twoBytes(body.length) + byte(parts.modifier2) + body;
}

function sized(text: string): string {
  return twoBytes(text.length) + text;
}

function twoBytes(value: number): string {
  return byte(value) + byte(value >> 8);
}

function byte(value: number): string {
  return String.fromCharCode(value & 0xff);
}
