// Putting an answer into the cache: its file, the entry's new state, and what must go to make room.
// Source: nginx 1.22.1, src/http/ngx_http_file_cache.c (ngx_http_file_cache_update, _update_variant, _forced_expire).
import type { Facts } from "../layer.ts";
import {
  addNode,
  type CacheFile,
  type CacheUse,
  cacheZone,
  fireEntry,
  forgetNode,
  leaveNode,
  nodeOf,
} from "./cache.ts";
import { cacheFilePath, variantKey } from "./cache-key.ts";
import type { NginxContext } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import type { ResponseHead } from "./upstream-header.ts";

/** Bytes of a cache file before the key: ngx_http_file_cache_header_t on 64-bit machines. */
const FILE_HEADER_BYTES = 336;

/** Stores an answer (ngx_http_file_cache_update). */
export function storeAnswer(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  { head, facts }: { readonly head: ResponseHead; facts(): Facts },
): void {
  if (use.updated) return;
  use.updated = true;
  use.updating = false;
  const held = nodeOf(context, use);
  if (held !== null) held.updating = false;
  leaveNode(context, use);
  const variant = use.vary === "" ? "" : variantKey(request, use.mainKey, use.vary);
  if (use.key !== variant) use.key = use.mainKey;
  const node = nodeOf(context, use) ?? addNode(context, request, use);
  const file = makeFile(use, head, variant);
  const zone = cacheZone(context, use.zone);
  zone.bytes += file.bytes - (node.file?.bytes ?? 0);
  node.file = file;
  node.errorStatus = 0;
  node.expireSec = Math.floor(context.nowMs() / 1000) + use.path.inactiveSec;
  writeFile(context, file);
  fireEntry(context, request, node, {
    transition: "store",
    facts: () => {
      const { values, ...rest } = facts();
      return { ...rest, values: { ...values, ...storeValues(context, use) } };
    },
  });
  dropOverflow(context, request, use);
}

function storeValues(context: NginxContext, use: CacheUse) {
  const seconds = use.validSec - Math.floor(context.nowMs() / 1000);
  return { key: use.keyText, seconds, path: cacheFilePath(use.path, use.key) };
}

function makeFile(use: CacheUse, head: ResponseHead, variant: string): CacheFile {
  const isWhole = head.status === 200 || head.status === 206;
  const header = (key: string): string | null =>
    head.headers.find((one) => one.key === key)?.value ?? null;
  const body = Object.freeze([...use.body]);
  const headBytes = head.headers.reduce((sum, h) => sum + h.name.length + h.value.length + 4, 20);
  return Object.freeze({
    path: cacheFilePath(use.path, use.key),
    head,
    body,
    bytes:
      FILE_HEADER_BYTES +
      use.keyText.length +
      headBytes +
      body.reduce((sum, c) => sum + c.bytes, 0),
    validSec: use.validSec,
    updatingSec: use.updatingSec,
    errorSec: use.errorSec,
    lastModified: isWhole ? header("last-modified") : null,
    etag: isWhole ? header("etag") : null,
    vary: use.vary,
    variant,
  });
}

function writeFile(context: NginxContext, file: CacheFile): void {
  context.host.disk.put(file.path, {
    kind: "file",
    text: null,
    bytes: file.bytes,
    target: null,
    mode: 0o600,
    owner: "www-data",
    group: "www-data",
    mtime: Math.floor(context.nowMs() / 1000),
  });
}

function dropOverflow(context: NginxContext, request: NginxRequest, use: CacheUse): void {
  const zone = cacheZone(context, use.zone);
  for (const node of [...zone.nodes.values()]) {
    if (zone.bytes <= use.path.maxBytes) return;
    if (node.count === 0 && !node.updating) forgetNode(context, request, use, node);
  }
}

/** Gives a validity to an entry that the upstream said is still good (304). */
export function refreshAnswer(
  context: NginxContext,
  request: NginxRequest,
  use: CacheUse,
  file: CacheFile,
): void {
  const node = nodeOf(context, use);
  if (node === null) return;
  node.file = file;
  fireEntry(context, request, node, "revalidate");
}
