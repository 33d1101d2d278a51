// Slow start by arithmetic: when the bytes of a write arrive at the other end of a link, flight by
// flight. A sender has at most its congestion window under way; every acknowledged flight doubles it.
// Source: RFC 5681 section 3.1, RFC 6928; Linux tcp_cong.c tcp_slow_start, tcp.h tcp_is_cwnd_limited.
// Simplification: acknowledgements come per flight, not per segment; CUBIC's growth after a loss is
// one segment a round trip; the receiver's window never binds before WINDOW_SEGMENTS_MAX.
import type { Instant, Span } from "../../kernel/time.ts";
import {
  HEADER_BYTES,
  INITIAL_WINDOW_SEGMENTS,
  LOSS_BACKOFF,
  MSS_BYTES,
  RTO_MIN_NS,
  WINDOW_SEGMENTS_MAX,
} from "./costs.ts";

/** A sender's congestion state. */
export interface Window {
  /** Congestion window, segments. */
  segments: number;
  /** Slow start ends here; Infinity before the first loss. */
  threshold: number;
  /** Segments under way. */
  outstanding: number;
  /** The most segments under way at once since the window was last set back. */
  outstandingMax: number;
  /** Acknowledgements to come: time, segments, time, segments, … */
  acks: number[];
  /** When the last bytes left, and how much room their last segment had. */
  sentAt: Instant;
  room: number;
  /** When the link has carried what was given to it. */
  freeAt: Instant;
  flights: number;
  /** How many of them lost a segment. */
  losses: number;
}

/** A link as the sender feels it. */
export interface Path {
  readonly rttNs: Span;
  readonly bytesPerSecond: number;
  readonly slowStartAfterIdle: boolean;
  /** Whether flight number n of so many segments loses one. */
  readonly loses: (flight: number, segments: number) => boolean;
}

/** Bytes that leave together and arrive together. */
export interface Flight {
  readonly leavesAt: Instant;
  readonly arrivesAt: Instant;
  readonly bytes: number;
  readonly segments: number;
  /** Congestion window when it left, segments. */
  readonly window: number;
  readonly lost: boolean;
}

export function newWindow(): Window {
  return {
    segments: INITIAL_WINDOW_SEGMENTS,
    threshold: Infinity,
    outstanding: 0,
    outstandingMax: 0,
    acks: [],
    sentAt: -1,
    room: 0,
    freeAt: 0,
    flights: 0,
    losses: 0,
  };
}

/** The flights in which `bytes` written at `now` cross the path. Moves the window on. */
export function sendFlights(window: Window, path: Path, now: Instant, bytes: number): Flight[] {
  restartAfterIdle(window, path, now);
  return leaveInFlights(window, path, now, bytes);
}

/** The same, where nobody asks for the flight of a write that leaves as one: when it arrives. */
export function sendUnseen(
  window: Window,
  path: Path,
  now: Instant,
  bytes: number,
): Flight[] | Instant {
  restartAfterIdle(window, path, now);
  const time = Math.max(now, window.sentAt);
  collectAcks(window, time);
  const room = window.sentAt === time ? window.room : 0;
  const capacity = Math.max(0, window.segments - window.outstanding) * MSS_BYTES + room;
  if (bytes === 0 || bytes > capacity) return leaveInFlights(window, path, now, bytes);
  return leave(window, path, time, { bytes, room });
}

function leaveInFlights(window: Window, path: Path, now: Instant, bytes: number): Flight[] {
  const flights: Flight[] = [];
  let time = Math.max(now, window.sentAt);
  let left = bytes;
  while (left > 0) {
    collectAcks(window, time);
    const room = window.sentAt === time ? window.room : 0;
    const capacity = Math.max(0, window.segments - window.outstanding) * MSS_BYTES + room;
    if (capacity === 0) {
      time = nextSendingTime(window, path, time);
      continue;
    }
    const flight = sendOne(window, path, time, { bytes: Math.min(left, capacity), room });
    left -= flight.bytes;
    flights.push(flight);
  }
  return flights;
}

/** Bytes that arrive after k round trips of slow start from a new connection: 14 480 (2^k - 1). */
export function bytesAfterRoundTrips(roundTrips: number): number {
  return INITIAL_WINDOW_SEGMENTS * MSS_BYTES * ((1 << roundTrips) - 1);
}

/** What leaves at once: bytes, and the room that the last segment of this instant still has. */
interface Burst {
  readonly bytes: number;
  readonly room: number;
}

const segmentsOf = ({ bytes, room }: Burst): number =>
  Math.ceil(Math.max(0, bytes - room) / MSS_BYTES);

function sendOne(window: Window, path: Path, time: Instant, burst: Burst): Flight {
  const segments = segmentsOf(burst);
  const lossesBefore = window.losses;
  const { segments: before } = window;
  const arrivesAt = leave(window, path, time, burst);
  const lost = window.losses > lossesBefore;
  return { leavesAt: time, arrivesAt, bytes: burst.bytes, segments, window: before, lost };
}

/** A burst leaves: the window and the link are moved on. Returns when it arrives. */
function leave(window: Window, path: Path, time: Instant, burst: Burst): Instant {
  const { bytes, room } = burst;
  const segments = segmentsOf(burst);
  const onTheLink = Math.round(((bytes + segments * HEADER_BYTES) / path.bytesPerSecond) * 1e9);
  const carriedAt = Math.max(time, window.freeAt) + onTheLink;
  const lost = path.loses(window.flights++, segments);
  const arrivesAt = carriedAt + path.rttNs / 2 + (lost ? repairTime(path, segments) : 0);
  window.freeAt = carriedAt;
  window.sentAt = time;
  window.room = room + segments * MSS_BYTES - bytes;
  window.outstanding += segments;
  window.outstandingMax = Math.max(window.outstandingMax, window.outstanding);
  if (segments > 0) window.acks.push(arrivesAt + path.rttNs / 2, segments);
  if (lost) setBack(window);
  return arrivesAt;
}

/** Three duplicate ACKs need three segments after the lost one; else the timer must repair it. */
function repairTime(path: Path, segments: number): Span {
  return segments >= 4 ? path.rttNs : path.rttNs + RTO_MIN_NS;
}

function setBack(window: Window): void {
  window.losses++;
  window.threshold = Math.max(2, Math.floor(window.segments * LOSS_BACKOFF));
  window.segments = window.threshold;
}

/** A full link keeps itself busy; otherwise the next flight waits for an acknowledgement. */
function nextSendingTime(window: Window, path: Path, time: Instant): Instant {
  const windowOnTheLink = (window.segments * MSS_BYTES * 1e9) / path.bytesPerSecond;
  if (windowOnTheLink >= path.rttNs && window.freeAt > time) {
    window.outstanding = 0;
    window.acks.length = 0;
    grow(window, window.segments);
    return window.freeAt;
  }
  return Math.max(lastOfCluster(window.acks, path.rttNs), time);
}

/** Acknowledgements that come close together open the window as one. */
function lastOfCluster(acks: readonly number[], rttNs: Span): Instant {
  let last = 0;
  while (last + 2 < acks.length && acks[last + 2] - acks[0] <= rttNs / 8) last += 2;
  return acks[last] ?? 0;
}

function collectAcks(window: Window, time: Instant): void {
  const { acks } = window;
  let used = 0;
  while (used < acks.length && acks[used] <= time) {
    window.outstanding -= acks[used + 1];
    grow(window, acks[used + 1]);
    used += 2;
  }
  // By hand: `splice` gives the list that it takes out a list of its own, and the rest new room.
  for (let i = used; i < acks.length; i++) acks[i - used] = acks[i];
  for (let i = 0; i < used; i++) acks.pop();
}

/** Only a window that was used grows. Source: Linux tcp_is_cwnd_limited: cwnd < 2 max_packets_out. */
function grow(window: Window, segments: number): void {
  if (window.segments >= 2 * window.outstandingMax) return;
  const more = window.segments < window.threshold ? segments : 1;
  window.segments = Math.min(window.segments + more, WINDOW_SEGMENTS_MAX);
}

/** Source: Linux tcp_cwnd_restart: halved for every timeout of idleness, down to the initial window. */
function restartAfterIdle(window: Window, path: Path, now: Instant): void {
  if (window.sentAt < 0 || !path.slowStartAfterIdle) return;
  collectAcks(window, now);
  if (window.outstanding > 0) return;
  const timeout = Math.max(RTO_MIN_NS, path.rttNs) + path.rttNs;
  let idle = now - window.sentAt;
  while (idle > timeout && window.segments > INITIAL_WINDOW_SEGMENTS) {
    window.segments = Math.max(window.segments >> 1, INITIAL_WINDOW_SEGMENTS);
    idle -= timeout;
    window.outstandingMax = 0;
  }
}
