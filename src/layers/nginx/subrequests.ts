// Subrequests: requests of nginx to itself (auth_request, mirror, a background refresh of the cache).
// Their response goes nowhere; the module that made one hears of its end.
// Source: src/http/ngx_http_core_module.c, ngx_http_subrequest (1.22.1).

import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { URI_CHANGES, unsentResponse } from "./new-request.ts";
import { runPhases } from "./phase-engine.ts";
import type { SubrequestOptions } from "./phases.ts";
import type { NginxRequest } from "./request.ts";
import { newHeadersOut } from "./response-header.ts";
import { recentRequests } from "./world.ts";

/** Makes a subrequest and runs it, as far as it gets. */
export function startSubrequest(
  core: Core,
  parent: NginxRequest,
  options: SubrequestOptions,
): NginxRequest {
  const world = core.world();
  const id = world.nextRequest++;
  const { server } = parent;
  const child: NginxRequest = {
    ...parent,
    id,
    entity: core.sim.spawn(core.requestMachine, parent.number),
    parent: parent.id,
    main: parent.main,
    subrequestOf: options.module,
    subrequests: 0,
    method: "GET",
    uri: options.uri,
    args: options.args,
    hasArgs: options.args !== "",
    validUnparsedUri: false,
    headersIn: parent.headersIn,
    internal: true,
    uriChanged: false,
    uriChanges: URI_CHANGES,
    variables: { ...parent.variables },
    captures: [...parent.captures],
    ctx: {},
    kept: { protocol: parent.kept.protocol },
    location: server.location,
    locationLabel: null,
    trail: [],
    phaseHandler: core.serverRewriteIndex,
    contentHandler: null,
    accessCode: 0,
    errorPage: false,
    errStatus: 0,
    keepalive: false,
    headerOnly: options.headerOnly === true,
    discardBody: false,
    out: newHeadersOut(),
    ...unsentResponse(),
  };
  parent.subrequests++;
  recentRequests.keep(world.requests, id, child);
  core.step(child, "beginSubrequest", 0, () => ({
    values: { uri: options.uri, by: options.module },
    cause: causeOf(parent.location.span, "the location that asks"),
  }));
  runPhases(core, child);
  return child;
}
