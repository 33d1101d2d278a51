// A regular expression that gives up, as PCRE does at its match limit, where JavaScript's would go on
// for years: `^(a+)+$` on a long run of a's. A matcher of our own that counts its steps looks first,
// but only at patterns and subjects that can go wrong.
// Simplification: a match that takes more steps than the limit counts as none for Python, which in
// reality goes on until the worker is killed, and in nginx's map, server_name and proxy_redirect.
import { type PatternNode, readPattern } from "./pattern-tree.ts";

/** PCRE2's own limit is ten million. Source: pcre2api(3), pcre2_set_match_limit. */
const STEPS_MAX = 1_000_000;
/** Beyond this many nested attempts the host's stack could end. */
const DEPTH_MAX = 1200;
/** Below this many characters even nested repetition ends soon. */
const NESTED_SAFE_LENGTH = 16;
/** Engines refuse patterns of some 30,000 characters, and only when they are first used. */
const SOURCE_MAX = 10_000;
/** Repetitions up to this count are no danger by themselves. */
const FEW = 8;

interface Attempt {
  readonly subject: string;
  steps: number;
  depth: number;
}

type Continue = (at: number) => boolean;
/** Whether it and what follows match at a place; true at once when the steps are used up. */
type Matcher = (attempt: Attempt, at: number, next: Continue) => boolean;

/** A RegExp whose exec() and test() answer "no match" where finding out would take too long. */
export class BoundedRegExp extends RegExp {
  readonly #match: Matcher;
  readonly #unbounded: number;
  readonly #isNested: boolean;

  constructor(source: string, flags: string) {
    if (source.length > SOURCE_MAX) throw new SyntaxError("the pattern is too long");
    super(source, flags);
    const tree = readPattern(source, flags);
    this.#match = compile(tree);
    this.#unbounded = countUnbounded(tree);
    this.#isNested = isNested(tree, false);
  }

  override exec(subject: string): RegExpExecArray | null {
    return this.givesUp(subject) ? null : super.exec(subject);
  }

  /** Whether finding out takes more steps than the limit. */
  givesUp(subject: string): boolean {
    return this.#isRisky(subject.length) && takesTooLong(this.#match, subject);
  }

  #isRisky(length: number): boolean {
    if (this.#isNested && length > NESTED_SAFE_LENGTH) return true;
    return this.#unbounded > 1 && length ** (this.#unbounded + 1) > STEPS_MAX;
  }
}

function countUnbounded(node: PatternNode): number {
  if (node.kind === "item") return 0;
  if (node.kind === "repeat") return countUnbounded(node.node) + (node.max > FEW ? 1 : 0);
  return node.nodes.reduce((sum, inner) => sum + countUnbounded(inner), 0);
}

/** Whether something repeated holds a repetition or a choice of its own. */
function isNested(node: PatternNode, inRepeat: boolean): boolean {
  if (node.kind === "item") return false;
  if (node.kind === "repeat") return inRepeat || isNested(node.node, node.max > 1);
  if (node.kind === "choice" && inRepeat) return true;
  return node.nodes.some((inner) => isNested(inner, inRepeat));
}

function takesTooLong(matcher: Matcher, subject: string): boolean {
  const attempt: Attempt = { subject, steps: 0, depth: 0 };
  for (let at = 0; at <= subject.length; at++)
    if (matcher(attempt, at, () => true)) return attempt.steps > STEPS_MAX;
  return false;
}

function compile(node: PatternNode): Matcher {
  if (node.kind === "item") return counted(itemMatcher(node.regex));
  if (node.kind === "repeat") {
    const { node: inner } = node;
    if (inner.kind === "item" && inner.isWide) return counted(runMatcher(inner.regex, node));
    return counted(repeatMatcher(compile(inner), node));
  }
  const matchers = node.nodes.map(compile);
  if (node.kind === "choice")
    return counted((attempt, at, next) => matchers.some((each) => each(attempt, at, next)));
  return matchers.reduceRight<Matcher>(
    (rest, first) => (attempt, at, next) => first(attempt, at, (end) => rest(attempt, end, next)),
    (_, at, next) => next(at),
  );
}

function counted(matcher: Matcher): Matcher {
  return (attempt, at, next) => {
    if (attempt.depth > DEPTH_MAX) attempt.steps = STEPS_MAX;
    if (++attempt.steps > STEPS_MAX) return true;
    attempt.depth++;
    const found = matcher(attempt, at, next);
    attempt.depth--;
    return found;
  };
}

function itemMatcher(regex: RegExp): Matcher {
  return ({ subject }, at, next) => {
    regex.lastIndex = at;
    return regex.test(subject) && next(regex.lastIndex);
  };
}

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** A repeated character: as many as there are, then fewer and fewer. */
function runMatcher(regex: RegExp, { min, max }: Bounds): Matcher {
  return (attempt, at, next) => {
    const ends = [at];
    for (let end = at; ends.length <= max; ends.push(end)) {
      regex.lastIndex = end;
      if (!regex.test(attempt.subject)) break;
      end = regex.lastIndex;
    }
    for (let count = ends.length - 1; count >= min; count--) {
      if (++attempt.steps > STEPS_MAX || next(ends[count])) return true;
    }
    return false;
  };
}

/** A repeated group. A turn that takes nothing ends the repetition. */
function repeatMatcher(inner: Matcher, { min, max }: Bounds): Matcher {
  const turn = (attempt: Attempt, count: number, at: number, next: Continue): boolean => {
    const again = (end: number): boolean => end !== at && turn(attempt, count + 1, end, next);
    if (count < max && inner(attempt, at, again)) return true;
    return (count >= min || count === 0) && next(at);
  };
  return (attempt, at, next) => turn(attempt, 0, at, next);
}
