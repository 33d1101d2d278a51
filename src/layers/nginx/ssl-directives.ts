// The directives of TLS that this model uses: certificates from the disk, protocols, rejected
// handshakes. Source: src/http/modules/ngx_http_ssl_module.c; messages of OpenSSL 3.0 (1.22.1).

import { type Disk, isDiskError } from "../../host/disk.ts";
import type { Certificate, TlsServerConfig } from "../../host/network.ts";
import { argumentText, argumentTexts } from "./config-tree.ts";
import { flagRow, row, textRow, timeRow } from "./directive-rows.ts";
import type { ConfigError, DirectiveRow, ServerConf } from "./settings.ts";
import { settingOf, valueAt } from "./settings.ts";

export const SSL = flagRow("ssl", false);
export const SSL_CERTIFICATE = row<readonly string[]>(
  "ssl_certificate",
  [],
  (directive, _build, before) => [...(before ?? []), argumentText(directive, 0)],
  { inherit: "array", repeat: true },
);
export const SSL_CERTIFICATE_KEY = row<readonly string[]>(
  "ssl_certificate_key",
  [],
  (directive, _build, before) => [...(before ?? []), argumentText(directive, 0)],
  { inherit: "array", repeat: true },
);
type Protocol = TlsServerConfig["protocols"][number];
const PROTOCOLS: readonly Protocol[] = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
const OBSOLETE = ["SSLv2", "SSLv3"];

/** 1.22.1 leaves TLSv1.3 out of its default; Debian's nginx.conf names it. */
export const SSL_PROTOCOLS = row<readonly Protocol[]>(
  "ssl_protocols",
  ["TLSv1", "TLSv1.1", "TLSv1.2"],
  (directive, _build, before) => {
    const texts = [...argumentTexts(directive), ...(before ?? [])];
    const isKnown = (text: string) => [...PROTOCOLS, ...OBSOLETE].includes(text);
    const wrong = texts.find((text) => !isKnown(text));
    if (wrong !== undefined) return { emerg: `invalid value "${wrong}"` };
    return PROTOCOLS.filter((protocol) => texts.includes(protocol));
  },
  { repeat: true },
);
/** Source: OpenSSL 3.0, the groups of TLS 1.3, by their names and those of NIST. */
const GROUPS = /^(auto|X25519|X448|prime256v1|secp384r1|secp521r1|P-256|P-384|P-521|ffdhe\d{4})$/;

/** Groups of the key exchange; `auto` stands for OpenSSL's own list, X25519 first. */
export const SSL_ECDH_CURVE = row<readonly string[]>("ssl_ecdh_curve", ["auto"], (directive) => {
  const text = argumentText(directive, 0);
  const groups = text.split(":");
  if (groups.every((group) => GROUPS.test(group))) return groups;
  return { emerg: `SSL_CTX_set1_curves_list("${text}") failed` };
});
export const SSL_REJECT_HANDSHAKE = flagRow("ssl_reject_handshake", false);
export const SSL_SESSION_TICKETS = flagRow("ssl_session_tickets", true);
export const SSL_SESSION_TIMEOUT = timeRow("ssl_session_timeout", 300_000);
const SSL_STAPLING = flagRow("ssl_stapling", false, { simulated: false });
const SSL_VERIFY_CLIENT = textRow("ssl_verify_client", "off", { simulated: false });

export const sslDirectives: readonly DirectiveRow[] = [
  SSL,
  SSL_CERTIFICATE,
  SSL_CERTIFICATE_KEY,
  SSL_PROTOCOLS,
  SSL_ECDH_CURVE,
  SSL_REJECT_HANDSHAKE,
  SSL_SESSION_TICKETS,
  SSL_SESSION_TIMEOUT,
  SSL_STAPLING,
  SSL_VERIFY_CLIENT,
];

/** What keeps a server with certificates from starting, or null. */
export function certificateProblem(
  server: ServerConf,
  disk: Disk,
  confDirectory: string,
): ConfigError | null {
  const certificates = valueAt(server, SSL_CERTIFICATE);
  const keys = valueAt(server, SSL_CERTIFICATE_KEY);
  for (const [index, path] of certificates.entries()) {
    if (path.includes("$")) continue;
    if (index >= keys.length)
      return {
        emerg: `no "ssl_certificate_key" is defined for certificate "${path}"`,
        withoutPlace: true,
      };
    const problem =
      loadProblem("certificate", fullPath(path, confDirectory), disk) ??
      loadProblem("certificate key", fullPath(keys[index], confDirectory), disk);
    if (problem !== null) return { emerg: problem, withoutPlace: true };
  }
  return null;
}

function loadProblem(what: string, path: string, disk: Disk): string | null {
  const node = disk.open(path);
  if (isDiskError(node)) {
    const isMissing = node.error !== "EACCES";
    const code = isMissing ? "80000002" : "8000000D";
    const reason = isMissing ? "No such file or directory" : "Permission denied";
    const second = isMissing
      ? "error:10000080:BIO routines::no such file"
      : "error:10080002:BIO routines::system lib";
    const fopen = `error:${code}:system library::${reason}:calling fopen(${path}, r)`;
    return `cannot load ${what} "${path}": BIO_new_file() failed (SSL: ${fopen} ${second})`;
  }
  const isGood = what === "certificate" ? node.cert !== undefined : node.key === true;
  if (isGood || (node.text ?? "").includes("-----BEGIN")) return null;
  const call = what === "certificate" ? "PEM_read_bio_X509_AUX()" : "PEM_read_bio_PrivateKey()";
  const expecting = what === "certificate" ? "TRUSTED CERTIFICATE" : "ANY PRIVATE KEY";
  return `cannot load ${what} "${path}": ${call} failed (SSL: error:0480006C:PEM routines::no start line:Expecting: ${expecting})`;
}

/** Names without a slash lie in the directory of nginx.conf. */
function fullPath(path: string, confDirectory = "/etc/nginx"): string {
  return path.startsWith("/") ? path : `${confDirectory}/${path}`;
}

/** The certificate a server shows, read from the disk; null when it has none. */
export function certificateOf(server: ServerConf, disk: Disk): Certificate | null {
  const [path] = settingOf(server, SSL_CERTIFICATE).value;
  if (path === undefined) return null;
  const file = fullPath(path);
  const node = disk.open(file);
  if (isDiskError(node)) return null;
  const names = node.cert ?? [];
  const { notBeforeMs = null, notAfterMs = null } = node;
  return { names, selfSigned: true, notBeforeMs, notAfterMs, file };
}
