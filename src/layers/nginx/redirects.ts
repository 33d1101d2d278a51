// Internal redirects and named locations: the request starts over at another URI or location.
// Source: ngx_http_internal_redirect, ngx_http_named_location (1.22.1).
import type { Facts } from "../layer.ts";
import { causeOf } from "./cause.ts";
import type { Core } from "./core.ts";
import { enterLocation, runPhases } from "./phase-engine.ts";
import type { NginxRequest } from "./request.ts";

/** Goes on with another URI, from the server's rewrite phase. */
export function internalRedirect(
  core: Core,
  request: NginxRequest,
  { uri, args }: { readonly uri: string; readonly args: string | null },
  why?: () => Facts,
): void {
  request.uriChanges--;
  if (request.uriChanges === 0) {
    const what = `rewrite or internal redirection cycle while internally redirecting to "${uri}"`;
    core.logError(request, "error", what);
    core.finalize(request, 500);
    return;
  }
  core.step(request, "internalRedirect", request.uriChanges, () => ({
    values: { from: request.uri, uri, location: request.location.label },
    cause: causeOf(request.location.span, "redirects inside nginx"),
    ...why?.(),
  }));
  request.logAction = "";
  request.uri = uri;
  request.args = args ?? "";
  request.hasArgs = args !== null;
  request.ctx = {};
  request.location = request.server.location;
  request.trail.push(`redirect ${uri}`);
  enterLocation(core, request);
  request.internal = true;
  request.validUnparsedUri = false;
  request.addUriToAlias = false;
  request.validLocation = true;
  request.phaseHandler = core.serverRewriteIndex;
  runPhases(core, request);
}

/** Goes on in a named location, with the same URI. */
export function namedLocation(
  core: Core,
  request: NginxRequest,
  name: string,
  why?: () => Facts,
): void {
  request.uriChanges--;
  const refuse = (what: string): void => {
    core.logError(request, "error", what);
    core.finalize(request, 500);
  };
  if (request.uriChanges === 0) {
    const cycle = "rewrite or internal redirection cycle while redirect to named location";
    refuse(`${cycle} "${name}"`);
    return;
  }
  if (request.uri === "") {
    refuse(`empty URI in redirect to named location "${name}"`);
    return;
  }
  const location = request.server.locations.named.get(name);
  if (location === undefined) {
    refuse(`could not find named location "${name}"`);
    return;
  }
  core.step(request, "enterNamed", location.line, () => ({
    values: { name, from: request.location.label },
    cause: causeOf(location.span, "named location"),
    ...why?.(),
  }));
  request.internal = true;
  request.contentHandler = null;
  request.uriChanged = false;
  request.location = location;
  request.locationLabel = location.label;
  request.trail.push(`named ${name}`);
  request.ctx = {};
  enterLocation(core, request);
  request.phaseHandler = core.locationRewriteIndex;
  runPhases(core, request);
}
