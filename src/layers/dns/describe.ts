// The learner's words for the machines of the DNS.
import type { MachineWords } from "../layer.ts";
import type {
  cacheEntry,
  resolverQuery,
  serverAnswer,
  serverQuestion,
  stubLookup,
} from "./machine.ts";

/** A name without its final dot, as people write it. */
const plain = (name: unknown) => {
  const text = String(name ?? "");
  return text === "." ? "the root" : text.replace(/\.$/, "");
};

export const stubLookupWords: MachineWords<typeof stubLookup> = {
  summary: "A program's request for the addresses of a name, from /etc/hosts or from the DNS.",
  states: {
    asked: "A program has asked for a name; nothing has been done yet.",
    "reading hosts": "The file /etc/hosts is read first.",
    asking: "The recursive resolver has been asked; the client waits.",
    resolved: "The program has its addresses.",
    failed: "There is no address; the program gets an error.",
  },
  transitions: {
    takeLiteral: {
      title: (v) => `${v.name} is already an address`,
      sentence: "The URL holds an IP address, so there is no name to look up.",
    },
    readHosts: {
      title: "The client looks in /etc/hosts first",
      sentence: (v) =>
        `Before anybody is asked, the client's own file is searched for ${plain(v.name)}.`,
      interview:
        "Resolution order: browser cache, hosts file, then the resolver that the network configured.",
    },
    findInHosts: {
      title: (v) => `/etc/hosts has ${plain(v.name)}`,
      sentence: (v) => `The file says ${v.address}, so the DNS is never asked.`,
      interview:
        "A forgotten hosts line is a classic: one machine sees another server than all the others.",
    },
    ask: {
      title: (v) => `The client asks its resolver for ${plain(v.name)}`,
      sentence: (v) =>
        `A small UDP datagram to ${v.resolver}, port 53, with RD set: "find me the ${v.type} record, however long it takes".`,
      interview:
        "The client's resolver is a stub: it asks one recursive resolver and lets that do the work.",
      leavesOut:
        "DNS over HTTPS and systemd-resolved, which may sit between the program and the resolver.",
    },
    receive: {
      title: (v) => `One of the client's questions moves on: ${v.type}`,
      sentence: "A client asks for several record types at once; this is one of them.",
    },
    askAgain: {
      title: "The client asks again",
      sentence: (v) =>
        `No answer came in time, so the question for ${plain(v.name)} is sent once more.`,
      interview:
        "A dead first nameserver costs five seconds on every lookup, because the stub remembers nothing.",
    },
    askNextServer: {
      title: "The client asks again after a failure",
      sentence:
        "The resolver answered with an error, so the next server, or the next round, gets the question.",
    },
    askNextName: {
      title: (v) => `The client tries ${plain(v.asked)}`,
      sentence:
        "The name before did not exist, so the search list of resolv.conf gives the next one to try.",
      interview:
        "With ndots:5, as in Kubernetes, every outside name is tried with each search domain first.",
    },
    fallBack: {
      title: "Chromium leaves the question to the system",
      sentence: (v) =>
        `Chromium's own resolver found nothing for ${plain(v.name)}, so getaddrinfo of the system asks once more.`,
    },
    resolve: {
      title: (v) => `${plain(v.name)} is ${v.address}`,
      sentence: (v) =>
        `The resolver's answer says ${v.address}; it may be kept for ${v.ttl} seconds.`,
      interview:
        "The answer is an A record with a TTL: how long caches may repeat it without asking.",
    },
    fail: {
      title: (v) => `${plain(v.name)} cannot be resolved`,
      sentence: (v) =>
        `The lookup ends with ${v.error}: "${v.text}". No connection is made, no server sees a request.`,
      interview:
        "NXDOMAIN means the name does not exist; SERVFAIL means that the resolver could not find out.",
    },
  },
};

export const resolverQueryWords: MachineWords<typeof resolverQuery> = {
  summary:
    "One question on which the recursive resolver works for its clients, from the root downwards.",
  states: {
    received: "A client's question has arrived.",
    "choosing server": "The resolver picks the zone, the server and the question that come next.",
    "waiting for server": "A name server has been asked.",
    "waiting for address": "A name server's own address must be looked up first.",
    answered: "The client's answer is on its way.",
    failed: "The client gets SERVFAIL.",
  },
  transitions: {
    answerLocally: {
      title: (v) => `The resolver itself answers for ${plain(v.local)}`,
      sentence: (v) =>
        `${plain(v.local)} is reserved for local use (RFC 6761, RFC 6303), so no server is asked.`,
    },
    hitCache: {
      title: (v) => `The resolver has ${plain(v.current)} in its cache`,
      sentence: (v) =>
        v.negative === true
          ? "It was told not long ago that there is no such record, and that may be repeated until its time is over."
          : "Somebody asked before and the TTL is not over, so the answer comes at once, with its time counted down.",
      interview: "Most lookups end here: caching at the resolver is what makes the DNS fast.",
    },
    hitFailure: {
      title: "The resolver remembers that this failed",
      sentence:
        "A failure is kept for five seconds, so that broken zones are not asked without pause.",
    },
    missCache: {
      title: (v) => `The resolver has no answer for ${plain(v.name)}`,
      sentence: (v) =>
        v.known === "nothing"
          ? "Its cache is empty, so it begins at the root, whose addresses are built in."
          : `The closest zone whose servers it knows is ${plain(v.known)}, so it begins there.`,
      interview:
        "A recursive resolver walks down from the closest zone it knows, not always from the root.",
    },
    ask: {
      title: (v) => `The resolver chooses the server ${v.ip}`,
      sentence: "Among a zone's servers it takes one of the fastest.",
    },
    learnRoot: {
      title: "The resolver learns the root's servers",
      sentence:
        "It asked a built-in address for the list of root servers (priming) and now has the current one.",
      interview: "The root hints are only a way in: the first answer replaces them.",
    },
    followReferral: {
      title: (v) => `The resolver is sent on to ${plain(v.next)}`,
      sentence: (v) =>
        `The answer was no address but a referral: ${plain(v.server)} serves ${plain(v.next)}. It is kept for ${v.ttl} seconds, so the next name below it starts here.`,
      interview:
        "A referral is an NS set without the AA flag, with glue: the addresses of the servers it names.",
    },
    descend: {
      title: "A shortened question is answered",
      sentence:
        "The server was shown only as much of the name as it needs; the next question shows one label more.",
    },
    followAlias: {
      title: (v) => `${plain(v.alias)} is an alias of ${plain(v.target)}`,
      sentence: (v) =>
        `A CNAME says that the records are kept under ${plain(v.target)}, so that name is asked for anew.`,
      interview:
        "Every CNAME costs at least one more question, and may lead to another zone altogether.",
    },
    distrust: {
      title: (v) => `The answer of ${v.ip} is no use`,
      sentence: (v) =>
        v.rcode === "NOERROR" || v.rcode === "NXDOMAIN"
          ? "It is not authoritative and leads nowhere: the server does not serve the zone (a lame delegation)."
          : `It says ${v.rcode}, so another server of the zone is asked, or this one once more.`,
      interview: "A lame delegation: the parent names a server that knows nothing of the zone.",
    },
    loseServer: {
      title: (v) => `${v.ip} does not answer`,
      sentence:
        "The question was sent twice without an answer, so the resolver doubles its patience and chooses again.",
    },
    needAddress: {
      title: (v) => `The address of ${plain(v.server)} is missing`,
      sentence:
        "The referral named a server in another zone without glue, so its address is looked up from the top first.",
      interview:
        "Name servers outside their zone need a lookup of their own before they can be asked.",
    },
    haveAddress: {
      title: "The name server's address is known",
      sentence: "The lookup that had to come first has ended, so the question goes on.",
    },
    answer: {
      title: (v) => `The resolver has the answer: ${v.data}`,
      sentence: (v) =>
        `The zone's own server answered with AA set. The resolver keeps the record for ${v.ttl} seconds and answers the client.`,
      interview:
        "Only the zone's own servers give authoritative answers; everyone else repeats them from a cache.",
    },
    answerNegatively: {
      title: (v) =>
        v.rcode === "NXDOMAIN"
          ? `${plain(v.current)} does not exist`
          : `${plain(v.current)} has no ${v.type} record`,
      sentence: (v) =>
        `The zone's server says so with authority; the SOA in its answer lets the resolver repeat that for ${v.ttl} seconds.`,
      interview:
        "Negative answers are cached too, for the smaller of the SOA's TTL and its minimum field.",
    },
    giveUp: {
      title: (v) => `The resolver gives up on ${plain(v.current)}`,
      sentence: "No server of the zone gave a usable answer, so the client is told SERVFAIL.",
      interview:
        "SERVFAIL says nothing about the name: it says that the resolver could not get an answer.",
    },
  },
};

export const serverQuestionWords: MachineWords<typeof serverQuestion> = {
  summary: "One UDP exchange of the resolver with one name server.",
  states: {
    composed: "The question is written.",
    "in flight": "The datagram is on its way, or its answer is.",
    answered: "The answer has arrived.",
    lost: "Nothing came back.",
  },
  transitions: {
    send: {
      title: (v) => `The resolver asks ${plain(v.server)} for ${plain(v.name)}`,
      sentence: (v) =>
        v.shortened === true
          ? `It asks only for ${plain(v.name)}: this server need not know the rest of the name (QNAME minimisation).`
          : "It asks for the full name: this server is the one that should have the record.",
      interview:
        "The resolver's own questions have RD=0: it wants what the server knows, not what it could find out.",
      leavesOut: "The port is random for each question; only the id is shown.",
    },
    resend: {
      title: (v) => `The resolver asks ${plain(v.server)} again`,
      sentence: (v) =>
        `No answer came within ${v.timeoutMs} ms, so the question is sent once more with a new id.`,
    },
    repeatOverTcp: {
      title: "The resolver repeats the question over TCP",
      sentence:
        "The answer did not fit into a datagram, so it came with TC set and without records.",
      interview:
        "DNS over UDP is limited to about 1232 bytes; a truncated answer is fetched over TCP.",
    },
    receive: {
      title: (v) => `The answer of ${v.ip} arrives`,
      sentence: "Its id, question, address and port match what was sent, so it is believed.",
      interview: "A random port and a random id are the resolver's defence against forged answers.",
    },
    lose: {
      title: (v) => `No answer from ${v.ip}`,
      sentence: (v) =>
        `${v.sends} sends without an answer: the resolver counts the server as slow and looks for another.`,
    },
  },
};

export const serverAnswerWords: MachineWords<typeof serverAnswer> = {
  summary: "An authoritative name server that answers one question from its zones.",
  states: {
    idle: "The server waits for questions.",
    searching: "It looks for the nearest zone and walks down the labels.",
    done: "The answer has left.",
  },
  transitions: {
    receive: {
      title: (v) => `${plain(v.server)} receives the question`,
      sentence: (v) => `It looks for the nearest of its zones around ${plain(v.name)}.`,
    },
    answer: {
      title: (v) => `${plain(v.server)} answers: ${v.data}`,
      sentence: (v) =>
        `Its zone ${plain(v.zone)} has the ${v.type} record for ${plain(v.name)}, so it answers with authority (AA).`,
      interview: "This is the zone file's own line: the only place where the address is decided.",
    },
    refer: {
      title: (v) => `The ${v.role} refers to ${plain(v.next)}`,
      sentence: (v) =>
        `It does not know ${plain(v.name)} but knows who does: the zone ${plain(v.next)} is served by ${plain(v.data)}, whose address it adds as glue.`,
      interview:
        "Root and TLD servers never answer for your site; they only say who is responsible one level down.",
    },
    deny: {
      title: (v) => `${plain(v.server)} has no such record`,
      sentence: (v) =>
        `The zone ${plain(v.zone)} has no ${v.type} for ${plain(v.name)}; the SOA it sends along says for how long that may be repeated.`,
      interview: "NXDOMAIN: no such name at all. NODATA: the name exists, the type does not.",
    },
    refuse: {
      title: (v) => `${plain(v.server)} refuses`,
      sentence: (v) => `It serves no zone around ${plain(v.name)}, so it answers REFUSED.`,
    },
    loop: {
      title: (v) => `${plain(v.server)} finds a loop of aliases`,
      sentence: "The CNAMEs of its zone lead back to themselves, so there is no end to follow.",
    },
  },
};

export const cacheEntryWords: MachineWords<typeof cacheEntry> = {
  summary: "A record set in the resolver's cache, with the time it may still be used.",
  states: {
    empty: "Nothing is known.",
    fresh: "The set may be given out; its time runs down.",
    expired: "Its time is over; the next question must ask again.",
  },
  transitions: {
    store: {
      title: (v) => `The resolver keeps ${plain(v.name)} ${v.type}`,
      sentence: (v) => `It may be repeated for ${v.seconds} seconds.`,
      interview:
        "A change in the zone is seen everywhere only when the old TTL has run out in every cache.",
    },
    replace: {
      title: (v) => `Better data for ${plain(v.name)} ${v.type}`,
      sentence: "What the zone's own server says takes the place of what its parent said.",
    },
    expire: {
      title: "A cached record has expired",
      sentence: "Its TTL is over, so it counts for nothing any more.",
    },
  },
};
