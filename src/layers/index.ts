// The layers, in the order of a request's path. The only list of them in the program: the interface,
// the commands, the documents and the tests go through it.
import { browser } from "./browser/layer.ts";
import { database } from "./database/layer.ts";
import { django } from "./django/layer.ts";
import { dns } from "./dns/layer.ts";
import { gunicorn } from "./gunicorn/layer.ts";
import { http2 } from "./http2/layer.ts";
import type { Layer } from "./layer.ts";
import { nginx } from "./nginx/layer.ts";
import { supervisor } from "./supervisor/layer.ts";
import { tcp } from "./tcp/layer.ts";
import { tls } from "./tls/layer.ts";
import { uwsgi } from "./uwsgi/layer.ts";

export const layers: readonly Layer[] = [
  browser,
  dns,
  tcp,
  tls,
  http2,
  nginx,
  gunicorn,
  uwsgi,
  django,
  database,
  supervisor,
];
