// What travels at a step, and which way. The token of a scene carries the request's name all along; on
// the DNS and on the wire the reader wants to see the question, the segment or the record instead.
import type { LayerId, Message } from "../../layers/layer.ts";
import type { Step } from "../../simulation/journey.ts";

export interface Travel {
  readonly label: string;
  /** "request" goes from the client to the server, "response" comes back. */
  readonly direction: "request" | "response";
}

const OWN_MESSAGES: ReadonlySet<LayerId> = new Set(["dns", "tcp", "tls", "http2", "database"]);

/** The label and the direction of the message of a step. */
export function travelOf(step: Step): Travel {
  const { token } = step.scene;
  const message = OWN_MESSAGES.has(step.layer) ? step.messages[0] : undefined;
  if (message === undefined || message.kind === "table")
    return { label: silentLabel(step), direction: token.direction };
  if (message.kind === "http2")
    return {
      label: labelOf(message),
      direction: message.from === "client" ? "request" : "response",
    };
  return { label: labelOf(message), direction: directionOf(step, message.title) };
}

/** What is on its way where the step shows no message: before the request leaves, not yet the request. */
function silentLabel({ layer, machine, transition, scene: { token } }: Step): string {
  if (layer === "dns") return token.at === "dns.stub" ? "the name's address?" : "looking it up";
  if (layer === "tls") return "TLS handshake";
  const isAccepting = /^accept$|Handshake$/.test(transition);
  if (machine === "nginx client connection" && isAccepting) return "connection";
  if (machine === "listening socket" || machine === "database connection") return "connection";
  return token.label;
}

/** What a message says, as a network tool would list it in one line. */
function labelOf(message: Message): string {
  if (message.kind === "dns") return dnsLabel(message.fields);
  if (message.kind === "tls") return flightLabel(message.title, message.records);
  if (message.kind === "segment" && message.title === "Segment") {
    const data = message.fields.find(({ name }) => name === "Data")?.value;
    return data === undefined || data.startsWith("0 ") ? message.title : `${data} of data`;
  }
  if (message.kind === "sql") return sqlLabel(message);
  if (message.kind === "http2") return framesLabel(message);
  return message.title;
}

type FieldsOf<K extends Message["kind"]> = Extract<Message, { kind: K }>;

/** `www.example.com A?`, and of an answer its first record, or who knows more. */
function dnsLabel(fields: FieldsOf<"dns">["fields"]): string {
  const fieldOf = (wanted: string) => fields.find(({ name }) => name === wanted)?.value;
  const [name = "", , type = ""] = (fieldOf("Question") ?? "").split(" ");
  const code = fieldOf("RCODE");
  if (code === undefined) return `${undotted(name)} ${type}?`;
  if (code !== "NOERROR") return code;
  const [, , , answerType = "", ...data] = (fieldOf("Answer") ?? "").split(" ");
  if (answerType !== "") return `${answerType} ${undotted(data.join(" "))}`;
  const [zone = "", , , authority = ""] = (fieldOf("Authority") ?? "").split(" ");
  return authority === "NS" ? `ask ${undotted(zone)}'s servers` : `no ${type} record`;
}

function undotted(name: string): string {
  return name.length > 1 ? name.replace(/\.$/, "") : name;
}

/** One record by its name, a flight by its first and last. */
function flightLabel(title: string, records: FieldsOf<"tls">["records"]): string {
  const plain = (text: string) => text.replace(/ \(.*$/, "");
  // ChangeCipherSpec only says that encryption begins: the message is what follows.
  const told = records.filter((record) => !record.title.startsWith("ChangeCipherSpec"));
  const [first, last] = [told[0]?.title ?? title, told.at(-1)?.title ?? title];
  return first === last ? plain(first) : `${plain(first)} … ${plain(last)}`;
}

/** `stream 5: GET /i0.png`, `stream 5: 200`, `SETTINGS`, and of several frames the first and the last. */
function framesLabel({ title, frames }: FieldsOf<"http2">): string {
  const told = frames.filter(({ name }) => name !== "connection preface");
  const [first, last] = [told[0], told.at(-1)];
  if (first === undefined || last === undefined) return title;
  const fieldOf = (wanted: string) => first.headers.find(({ name }) => name === wanted)?.value;
  const request = [fieldOf(":method"), fieldOf(":path")].filter(Boolean).join(" ");
  const names = first.name === last.name ? first.name : `${first.name} … ${last.name}`;
  const said = request || (fieldOf(":status") ?? names);
  return first.stream === 0 ? said : `stream ${first.stream}: ${said}`;
}

function sqlLabel({ title, sql, fields }: FieldsOf<"sql">): string {
  if (title === "Result") {
    const rows = fields.find(({ name }) => name === "rows")?.value;
    return rows === undefined ? title : rows === "1" ? "1 row" : `${rows} rows`;
  }
  if (title === "Error" || title === "What waits") return title;
  const table = /\b(?:FROM|INTO|UPDATE)\s+"?([\w.]+)/i.exec(sql)?.[1];
  return table === undefined ? sql.split(/\s/)[0] : `${sql.split(/\s/)[0]} ${table}`;
}

/**
 * Which way a message of the DNS, TCP or TLS goes: a message that names its side comes from there, an
 * acknowledgement from the side that acts, and everything else to the side that receives.
 */
function directionOf({ layer, machine, transition }: Step, title: string): Travel["direction"] {
  if (/^The client/.test(title)) return "request";
  if (/^The server|[Aa]nswer|arrived|^Result/.test(title)) return "response";
  if (layer === "database") return "request";
  const isServer = machine.includes("server side");
  const isFromHere = /\bACK\b/.test(title) || !transition.startsWith("receive");
  return isServer === isFromHere ? "response" : "request";
}
