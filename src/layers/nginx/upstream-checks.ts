// What nginx checks of its upstream settings when the levels are joined: buffers that fit each other, and
// caches that are declared. The message names the line on which the block http ends.
// Source: nginx 1.22.1, ngx_http_proxy_merge_loc_conf and ngx_http_uwsgi_merge_loc_conf.
import { proxyCachePathRow, uwsgiCachePathRow } from "./cache-directives.ts";
import { proxyRows } from "./proxy-directives.ts";
import { type Conf, type HttpConf, settingOf, valueAt } from "./settings.ts";
import type { UpstreamPrefix, UpstreamRows } from "./upstream-directives.ts";
import { allLocations } from "./upstream-target.ts";
import { uwsgiRows } from "./uwsgi-directives.ts";

/** The first level whose upstream settings do not fit, in nginx's words, or null. */
export function upstreamProblem(http: HttpConf): { readonly emerg: string } | null {
  for (const [prefix, rows] of [
    ["proxy", proxyRows],
    ["uwsgi", uwsgiRows],
  ] as const) {
    const zones = new Set(
      valueAt(http, prefix === "proxy" ? proxyCachePathRow : uwsgiCachePathRow).map(
        ({ zone }) => zone,
      ),
    );
    for (const location of allLocations(http)) {
      const problem =
        bufferProblem(location, prefix, rows) ?? cacheProblem(location, { prefix, rows, zones });
      if (problem === null) continue;
      const { span, endLine } = http;
      return { emerg: `${problem} in ${span?.file}:${endLine}` };
    }
  }
  return null;
}

function bufferProblem(conf: Conf, prefix: UpstreamPrefix, rows: UpstreamRows): string | null {
  const { count, bytes } = valueAt(conf, rows.buffers);
  const size = Math.max(valueAt(conf, rows.bufferSize), bytes);
  const written = (row: UpstreamRows["busyBuffersSize"]): number => {
    const { value, span } = settingOf(conf, row);
    return span === null ? 2 * size : value;
  };
  const least = `the maximum of the value of "${prefix}_buffer_size" and one of the "${prefix}_buffers"`;
  const below = (name: string): string =>
    `"${prefix}_${name}" must be equal to or greater than ${least}`;
  if (count < 2) return `there must be at least 2 "${prefix}_buffers"`;
  const busy = written(rows.busyBuffersSize);
  if (busy < size) return below("busy_buffers_size");
  if (busy > (count - 1) * bytes)
    return `"${prefix}_busy_buffers_size" must be less than the size of all "${prefix}_buffers" minus one buffer`;
  if (written(rows.tempFileWriteSize) < size) return below("temp_file_write_size");
  const most = valueAt(conf, rows.maxTempFileSize);
  if (most === 0 || most >= size) return null;
  return `"${prefix}_max_temp_file_size" must be equal to zero to disable temporary files usage or must be equal to or greater than ${least}`;
}

interface CacheCheck {
  readonly prefix: UpstreamPrefix;
  readonly rows: UpstreamRows;
  readonly zones: ReadonlySet<string>;
}

function cacheProblem(conf: Conf, { prefix, rows, zones }: CacheCheck): string | null {
  const zone = valueAt(conf, rows.cache)?.constant ?? "off";
  if (zone === "off" || zones.has(zone)) return null;
  return `"${prefix}_cache" zone "${zone}" is unknown`;
}
