// The modules nginx is built from here, in the order in which nginx runs the handlers of a phase and
// the header filters. Source: auto/modules of nginx 1.22.1 (handlers run in reverse of registration).
import { accessModule } from "./access.ts";
import { addedHeadersFilter, charsetFilter } from "./added-headers.ts";
import { authBasicModule } from "./auth-basic.ts";
import { authRequestModule } from "./auth-request.ts";
import { autoindexHandler } from "./autoindex.ts";
import type { Core } from "./core.ts";
import { coreDirectives } from "./core-directives.ts";
import { coreVariables } from "./core-variables.ts";
import { gzipModule } from "./gzip.ts";
import { GZIP_STATIC, gzipStaticHandler } from "./gzip-static.ts";
import { indexHandler } from "./index-file.ts";
import { limitConnModule } from "./limit-conn.ts";
import { limitReqModule } from "./limit-req-module.ts";
import { listenDirectives } from "./listen.ts";
import { locationDirectives } from "./location-directives.ts";
import { logDirectives } from "./log-directives.ts";
import { mapDirectives } from "./map.ts";
import { notModifiedFilter } from "./not-modified.ts";
import { openFileCacheModule } from "./open-file-cache.ts";
import type { NginxModule, PhaseHandler } from "./phases.ts";
import { rangeBodyFilter, rangeHeaderFilter } from "./range.ts";
import { realipModule } from "./realip.ts";
import { rewriteLocation, rewriteServer } from "./rewrite.ts";
import { rewriteDirectives } from "./rewrite-directives.ts";
import { serverNameDirectives } from "./server-names.ts";
import type { DirectiveRow } from "./settings.ts";
import { sslDirectives } from "./ssl-directives.ts";
import { staticHandler } from "./static-file.ts";
import { emptyGif, stubStatus } from "./stub-status.ts";
import { tryFilesHandler } from "./try-files.ts";
import { upstreamModule } from "./upstream-module.ts";

/** The engine hands itself to every handler; those of the core may use all of it. */
const own = (handler: (core: Core, ...rest: never[]) => unknown): PhaseHandler =>
  handler as unknown as PhaseHandler;

const coreModule: NginxModule = {
  name: "core",
  directives: [
    ...coreDirectives,
    ...locationDirectives,
    ...logDirectives,
    ...listenDirectives,
    ...serverNameDirectives,
    ...sslDirectives,
    ...mapDirectives,
  ],
  variables: coreVariables,
  content: { stub_status: own(stubStatus), empty_gif: own(emptyGif) },
};

const rewriteModule: NginxModule = {
  name: "rewrite",
  directives: rewriteDirectives,
  phases: { "server-rewrite": own(rewriteServer), rewrite: own(rewriteLocation) },
};

export const nginxModules: readonly NginxModule[] = [
  coreModule,
  openFileCacheModule,
  realipModule,
  rewriteModule,
  limitReqModule,
  limitConnModule,
  accessModule,
  authBasicModule,
  authRequestModule,
  { name: "try_files", phases: { precontent: own(tryFilesHandler) } },
  upstreamModule,
  { name: "index", phases: { content: own(indexHandler) } },
  { name: "autoindex", phases: { content: own(autoindexHandler) } },
  {
    name: "gzip_static",
    directives: [GZIP_STATIC as unknown as DirectiveRow],
    phases: { content: own(gzipStaticHandler) },
  },
  { name: "static", phases: { content: own(staticHandler) } },
  { name: "not modified", headerFilter: notModifiedFilter },
  { name: "headers", headerFilter: addedHeadersFilter },
  { name: "charset", headerFilter: charsetFilter },
  gzipModule,
  { name: "range", headerFilter: rangeHeaderFilter, bodyFilter: rangeBodyFilter },
];
