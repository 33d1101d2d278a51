// DNS messages as a person sees them: fields in the order of the wire, and the bytes.

import { ALL_TAILS, type DnsMessage, type DnsRecord, emitDns } from "../../wire/dns-message.ts";
import type { Field, Message } from "../layer.ts";

/** A DNS message to look at. */
export function dnsView(title: string, message: DnsMessage, tailsMax = ALL_TAILS): Message {
  const bytes = emitDns(message, tailsMax);
  const fields: Field[] = [
    { name: "ID", value: String(message.id), note: "ties the answer to the question" },
    { name: "Flags", value: flagText(message), note: flagNote(message) },
  ];
  if (message.isResponse) fields.push({ name: "RCODE", value: message.rcode });
  if (message.question !== null) {
    const { name, type } = message.question;
    fields.push({ name: "Question", value: `${name} IN ${type}` });
  }
  for (const record of message.answer) fields.push(recordField("Answer", record));
  for (const record of message.authority) fields.push(recordField("Authority", record));
  for (const record of message.additional) fields.push(recordField("Additional", record));
  if (message.edns !== null) {
    const { udpPayload, dnssecOk } = message.edns;
    const value = `EDNS 0, at most ${udpPayload} bytes over UDP${dnssecOk ? ", DO" : ""}`;
    fields.push({ name: "OPT", value, note: dnssecOk ? "asks for DNSSEC records too" : undefined });
  }
  fields.push({ name: "Size", value: `${bytes.length} bytes` });
  return { kind: "dns", title, fields, bytes };
}

function recordField(name: string, { name: owner, ttl, type, data }: DnsRecord): Field {
  return { name, value: `${owner} ${ttl} IN ${type} ${data}` };
}

function flagText(message: DnsMessage): string {
  const flags = [
    message.isResponse ? "QR" : "",
    message.authoritative ? "AA" : "",
    message.truncated ? "TC" : "",
    message.recursionDesired ? "RD" : "",
    message.recursionAvailable ? "RA" : "",
    message.authenticData ? "AD" : "",
    message.checkingDisabled ? "CD" : "",
  ].filter((flag) => flag !== "");
  return flags.length === 0 ? "none" : flags.join(" ");
}

function flagNote(message: DnsMessage): string {
  if (!message.isResponse) {
    return message.recursionDesired
      ? "RD: please find the whole answer"
      : "no RD: tell what you know";
  }
  if (message.authoritative) return "AA: from the server that owns the data";
  return message.recursionAvailable
    ? "RA: this server looks further for you"
    : "a referral, not an answer";
}
