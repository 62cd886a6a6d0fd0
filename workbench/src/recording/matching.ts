// What is typed matches before a word is finished; the server knows whole words. Pure.

/** Whether each word typed begins a word of one of the texts, without regard to case. */
export function mentions(texts: readonly string[], typed: string): boolean {
  const words = texts.flatMap((text) => text.toLocaleLowerCase().split(/[^\p{L}\p{N}]+/u));
  return typed
    .toLocaleLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .every((part) => words.some((word) => word.startsWith(part)));
}

/** Each node once, where it came first. */
export function distinct<Node extends { readonly id: string }>(nodes: readonly Node[]): Node[] {
  const seen = new Set<string>();
  return nodes.filter(({ id }) => !seen.has(id) && seen.add(id));
}

/** So many are offered. */
const MOST = 8;

/** Of the recent ones those that mention what is typed, then those that the server found. */
export function offer<Node extends { readonly id: string }>(
  typed: string,
  recent: readonly Node[],
  found: readonly Node[],
  words: (node: Node) => readonly string[],
): Node[] {
  const near = recent.filter((node) => mentions(words(node), typed));
  return distinct([...near, ...(typed === "" ? [] : found)]).slice(0, MOST);
}

export function nodeOf<Node>({ node }: { readonly node: Node }): Node {
  return node;
}

/** Whether what is typed is still looked for. */
export function isLooking(
  searching: { readonly waiting: boolean; readonly refreshing: boolean },
  words: string,
  text: string,
): boolean {
  return words !== text.trim() || searching.waiting || searching.refreshing;
}
