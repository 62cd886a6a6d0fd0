// The words around a name that is to be left out. Places are in code points, as the server counts. Pure.

const SHOWN = 30;

/** The words at this path of an input; undefined if none are there. */
export function wordsAt(input: unknown, path: readonly string[]): string | undefined {
  let found = input;
  for (const name of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return typeof found === "string" ? found : undefined;
}

/** A name, and a few words on either side of it. */
export function around(
  words: string,
  { start, end }: { readonly start: number; readonly end: number },
): { before: string; name: string; after: string } {
  const points = [...words];
  const first = Math.max(0, start - SHOWN);
  const last = Math.min(points.length, end + SHOWN);
  return {
    before: `${first > 0 ? "… " : ""}${points.slice(first, start).join("")}`,
    name: points.slice(start, end).join(""),
    after: `${points.slice(end, last).join("")}${last < points.length ? " …" : ""}`,
  };
}
