// Text in an SVG neither wraps nor ends in dots by itself. These estimates of Inter's and JetBrains
// Mono's widths are on the safe side, so that no text leaves its box.

export type Face = "sans" | "strong" | "mono";

/** Width of a character as a share of the font size. Source: measured in Inter 4 and JetBrains Mono. */
const MONO = 0.6;
const NARROW = 0.31;
const WIDE = 0.86;
const USUAL = 0.565;
const CAPITAL = 0.69;
const STRONG_FACTOR = 1.05;

/** Width of `text` in world units. */
export function textWidth(text: string, size: number, face: Face = "sans"): number {
  if (face === "mono") return text.length * size * MONO;
  let shares = 0;
  for (const character of text) shares += shareOf(character);
  return shares * size * (face === "strong" ? STRONG_FACTOR : 1);
}

function shareOf(character: string): number {
  if (/[iIjlftr.,:;'|!()[\]/ ·-]/.test(character)) return NARROW;
  if (/[mwMW@%—]/.test(character)) return WIDE;
  return /[A-Z]/.test(character) ? CAPITAL : USUAL;
}

export interface Fit {
  readonly width: number;
  readonly size: number;
  readonly face?: Face;
}

/** `text`, cut with an ellipsis where it would leave `width`; empty when not even one letter fits. */
export function fitText(text: string, { width, size, face = "sans" }: Fit): string {
  if (textWidth(text, size, face) <= width) return text;
  const room = width - textWidth("…", size, face);
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += textWidth(character, size, face);
    if (used > room) break;
    kept += character;
  }
  return kept === "" ? "" : `${kept.trimEnd()}…`;
}

/** The first of some texts for one thing, longest first, that fits; else the last, cut. */
export function firstFitting(texts: readonly string[], fit: Fit): string {
  const fitting = texts.find((text) => textWidth(text, fit.size, fit.face) <= fit.width);
  return fitting ?? fitText(texts.at(-1) ?? "", fit);
}

/** `text` in at most `linesMax` lines; the last ends in an ellipsis when there is more. */
export function wrapText(text: string, fit: Fit, linesMax: number): readonly string[] {
  const lines: string[] = [];
  let rest = text.split(/\s+/).filter(Boolean);
  while (rest.length > 0 && lines.length < linesMax) {
    if (lines.length === linesMax - 1) return [...lines, fitText(rest.join(" "), fit)];
    let count = 1;
    while (count < rest.length && fits(rest.slice(0, count + 1).join(" "), fit)) count += 1;
    lines.push(fitText(rest.slice(0, count).join(" "), fit));
    rest = rest.slice(count);
  }
  return lines;
}

function fits(text: string, { width, size, face = "sans" }: Fit): boolean {
  return textWidth(text, size, face) <= width;
}
