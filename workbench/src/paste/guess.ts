// What can be read off a pasted article. Pure.

const LONGEST_TITLE = 160;

/** The first line, if it is short enough for a title; nothing of a line that ends as a sentence in a text of one. */
export function guessTitle(text: string): string {
  const lines = text.split("\n").map((line) => line.trim());
  const first = lines.find((line) => line !== "") ?? "";
  const rest = lines.slice(lines.indexOf(first) + 1).some((line) => line !== "");
  return rest && first.length <= LONGEST_TITLE ? first : "";
}
