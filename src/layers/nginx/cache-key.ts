// The names of cache entries: the file of a key, and the secondary key that Vary makes.
// Source: nginx 1.22.1, src/http/ngx_http_file_cache.c (ngx_http_file_cache_name, ngx_http_file_cache_vary).
import { memoByText } from "../../kernel/memo.ts";
import { md5 } from "../../text/md5.ts";
import type { CachePath } from "./cache-directives.ts";
import type { NginxRequest } from "./request.ts";

/** The hash of a key: a crowd asks with the same keys again and again. */
export const keyDigest = memoByText(md5);

/** Where the file of a key lies: the last digits of its hash name the directories. */
export function cacheFilePath(path: CachePath, key: string): string {
  let end = key.length;
  const directories = path.levels.map((length) => {
    end -= length;
    return key.slice(end, end + length);
  });
  return [path.path, ...directories, key].join("/");
}

/** The secondary key: the main key with the values of the request headers that Vary names. */
export function variantKey(request: NginxRequest, mainKey: string, vary: string): string {
  const names = vary.split(",").map((name) => name.trim().toLowerCase());
  const parts = names
    .filter((name) => name !== "")
    .map((name) => {
      const values = request.headersIn.filter((header) => header.key === name);
      return `${name}:${values.map((header) => normalisedHeader(header.value)).join(",")}\r\n`;
    });
  return keyDigest(mainKey + parts.join(""));
}

/** Spaces around commas do not make another variant (ngx_http_file_cache_vary_header). */
function normalisedHeader(value: string): string {
  return value
    .split(",")
    .map((part) => part.trim().replace(/ +/g, " "))
    .filter((part) => part !== "")
    .join(",");
}
