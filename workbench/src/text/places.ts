// Where words stand in a text, and what is around them. Positions are UTF-16 units of the text. Pure.

export interface Place {
  readonly start: number;
  readonly end: number;
}

const SENTENCE_END = /[.!?]["”’')]*(?=\s|$)|\n/g;

/** The sentences that a place touches. */
export function sentenceAround(text: string, place: Place): Place {
  const before = text.slice(0, place.start);
  const last = [...before.matchAll(SENTENCE_END)].at(-1);
  const start = last === undefined ? 0 : last.index + last[0].length;
  SENTENCE_END.lastIndex = Math.max(place.end - 1, 0);
  const next = SENTENCE_END.exec(text);
  SENTENCE_END.lastIndex = 0;
  const end = next === null ? text.length : next.index + (next[0] === "\n" ? 0 : next[0].length);
  return trim(text, { start, end: Math.max(end, place.end) });
}

/** The place without the space at its ends. */
export function trim(text: string, place: Place): Place {
  const words = text.slice(place.start, place.end);
  const start = place.start + (words.length - words.trimStart().length);
  return { start, end: Math.max(start, place.start + words.trimEnd().length) };
}

/** Every place of the words, in order; overlapping ones too. */
export function findPlaces(text: string, words: string, most = 20): Place[] {
  const places: Place[] = [];
  if (words === "") return places;
  for (let at = text.indexOf(words); at >= 0 && places.length < most; at = text.indexOf(words, at + 1)) {
    places.push({ start: at, end: at + words.length });
  }
  return places;
}

/** The parts of a text that more than one of the places cover, in order, apart from each other. */
export function overlaps(places: readonly Place[]): Place[] {
  const edges = places
    .flatMap(({ start, end }) => [
      { at: start, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((one, other) => one.at - other.at || one.step - other.step);
  const found: Place[] = [];
  let depth = 0;
  let since = 0;
  for (const { at, step } of edges) {
    if (step === 1 && depth === 1) since = at;
    if (step === -1 && depth === 2 && at > since) found.push({ start: since, end: at });
    depth += step;
  }
  return found;
}

const words = new Intl.Segmenter(undefined, { granularity: "word" });
/** Longer than any word with what may stand around it. */
const NEAR = 400;

/** The first word that begins at a position or after it. */
export function wordFrom(text: string, from: number): Place | undefined {
  return wordsIn(text, from, from + NEAR)[0];
}

/** The last word that ends at a position or before it. */
export function wordBefore(text: string, to: number): Place | undefined {
  return wordsIn(text, Math.max(0, to - NEAR), to).at(-1);
}

function wordsIn(text: string, from: number, to: number): Place[] {
  return [...words.segment(text.slice(from, to))]
    .filter(({ isWordLike }) => isWordLike)
    .map(({ index, segment }) => ({ start: from + index, end: from + index + segment.length }));
}

/** The next word, or the one before (-1). Where more than a word is selected, its first. */
export function stepWord(text: string, selected: Place, by: 1 | -1): Place | undefined {
  if (by === -1) return wordBefore(text, selected.start);
  const first = wordFrom(text, selected.start);
  return first?.start === selected.start && first.end === selected.end ? wordFrom(text, selected.end) : first;
}

/** Every sentence of a text, in order. */
export function sentences(text: string): Place[] {
  const found: Place[] = [];
  let start = 0;
  for (const end of text.matchAll(SENTENCE_END)) {
    const place = trim(text, { start, end: end.index + (end[0] === "\n" ? 0 : end[0].length) });
    if (place.end > place.start) found.push(place);
    start = end.index + end[0].length;
  }
  const last = trim(text, { start, end: text.length });
  if (last.end > last.start) found.push(last);
  return found;
}
