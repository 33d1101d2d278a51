// Which servers share an address, and the tables in which their names are looked up.
// Source: src/http/ngx_http.c, ngx_http_add_listen, ngx_http_server_names (1.22.1).
import { fail, type Reading } from "./configuration-reader.ts";
import type { AddressConf, ListenSpec, ServerConf, ServerName } from "./settings.ts";

interface Group {
  readonly listens: ListenSpec[];
  readonly servers: ServerConf[];
  defaultServer: ServerConf | null;
}

/** The addresses listened on, grouped by port in the order they are first named. */
export function addressesOf(
  reading: Reading,
  servers: readonly ServerConf[],
): readonly AddressConf[] {
  const groups = new Map<string, Group>();
  for (const server of servers) {
    for (const listen of server.listens) addServer(reading, groups, server, listen);
  }
  const byPort = new Map<string, AddressConf[]>();
  for (const group of groups.values()) {
    const [{ port, unixPath }] = group.listens;
    const key = unixPath ?? `${port}`;
    byPort.set(key, [...(byPort.get(key) ?? []), toAddress(group)]);
  }
  return [...byPort.values()].flat();
}

function addServer(
  reading: Reading,
  groups: Map<string, Group>,
  server: ServerConf,
  listen: ListenSpec,
): void {
  const group: Group = groups.get(listen.text) ?? { listens: [], servers: [], defaultServer: null };
  const at = { file: listen.span.file, line: listen.span.line, span: listen.span };
  const place = { name: "listen", args: [], block: null, ...at };
  if (group.servers.includes(server))
    fail(reading, { emerg: `a duplicate listen ${listen.text}` }, place);
  if (listen.defaultServer && group.defaultServer !== null)
    fail(reading, { emerg: `a duplicate default server for ${listen.text}` }, place);
  if (listen.defaultServer) group.defaultServer = server;
  group.listens.push(listen);
  group.servers.push(server);
  groups.set(listen.text, group);
}

function toAddress(group: Group): AddressConf {
  const { listens, servers } = group;
  const first = listens[0];
  const tables = nameTables(servers);
  return Object.freeze({
    listen: {
      ...first,
      ssl: listens.some(({ ssl }) => ssl),
      http2: listens.some(({ http2 }) => http2),
      proxyProtocol: listens.some(({ proxyProtocol }) => proxyProtocol),
      backlog: (listens.find(({ backlog }) => backlog !== first.backlog) ?? first).backlog,
    },
    servers,
    defaultServer: group.defaultServer ?? servers[0],
    ...tables,
  });
}

interface NameTables {
  readonly exact: Map<string, ServerConf>;
  readonly leading: Map<string, ServerConf>;
  readonly trailing: Map<string, ServerConf>;
  readonly regex: { name: ServerName; server: ServerConf }[];
  /** Exact names that were seen, those of a `.example.com` that lost included. */
  readonly claimed: Set<string>;
  readonly conflicts: string[];
}

function nameTables(servers: readonly ServerConf[]): NameTables {
  const tables: NameTables = {
    exact: new Map(),
    leading: new Map(),
    trailing: new Map(),
    regex: [],
    claimed: new Set(),
    conflicts: [],
  };
  for (const server of servers) for (const name of server.names) enter(tables, name, server);
  // Names are compared only where several servers share an address (ngx_http_optimize_servers).
  return servers.length > 1 ? tables : { ...tables, conflicts: [] };
}

/** `.example.com` stands for the name itself and for all below it; a name that is taken brings neither (ngx_hash_add_key). */
function enter(tables: NameTables, name: ServerName, server: ServerConf): void {
  if (name.kind === "regex") {
    tables.regex.push({ name, server });
    return;
  }
  const bare =
    name.kind === "exact" ? name.key : name.text.startsWith(".") ? name.key.slice(1) : null;
  const isTaken = bare !== null && tables.claimed.has(bare);
  if (bare !== null) tables.claimed.add(bare);
  if (isTaken || tables[name.kind].has(name.key)) {
    tables.conflicts.push(name.text);
    return;
  }
  tables[name.kind].set(name.key, server);
  if (bare !== null) tables.exact.set(bare, server);
}

/** `conflicting server name …` for every name that two servers of an address claim. */
export function addressWarnings(addresses: readonly AddressConf[]): readonly string[] {
  return addresses.flatMap((address) =>
    [...new Set(address.conflicts)].map(
      (name) =>
        `conflicting server name "${name.toLowerCase()}" on ${address.listen.text}, ignored`,
    ),
  );
}
