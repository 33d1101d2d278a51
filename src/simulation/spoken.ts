// The text of a step for screen readers: at most 25 words, the heading first, then as much of the
// sentence as whole clauses allow.

export const SPOKEN_WORDS_MAX = 25;

/** The heading and the beginning of the sentence, cut between clauses. */
export function spokenText(title: string, sentence: string): string {
  const heading = words(title).slice(0, SPOKEN_WORDS_MAX);
  const room = SPOKEN_WORDS_MAX - heading.length;
  const clauses = sentence.split(/(?<=[.;:,])\s+/);
  const taken: string[] = [];
  for (const clause of clauses) {
    const more = words(clause);
    if (taken.length + more.length > room) break;
    taken.push(...more);
  }
  const first = `${heading.join(" ").replace(/[.]$/, "")}.`;
  return taken.length === 0 ? first : `${first} ${taken.join(" ").replace(/[,;:]$/, ".")}`;
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
