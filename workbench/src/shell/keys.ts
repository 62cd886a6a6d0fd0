// Which key was meant. Pure, but for the shape of a browser's event.

interface Stroke {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** How a stroke is written in a shortcut: "j", "?", "Mod+Enter". Shift shows in the key itself. */
export function writeStroke(stroke: Stroke): string {
  const modified = stroke.ctrlKey || stroke.metaKey ? "Mod+" : "";
  return `${modified}${stroke.altKey ? "Alt+" : ""}${stroke.key.length === 1 && modified !== "" ? stroke.key.toLowerCase() : stroke.key}`;
}

/** What a stroke completes, given the strokes before it: the shortcut, "begun" for the first of a sequence, or nothing. */
export function matchStroke<S extends { readonly keys: string }>(
  shortcuts: readonly S[],
  before: string,
  stroke: string,
): S | "begun" | undefined {
  const whole = before === "" ? stroke : `${before} ${stroke}`;
  return (
    shortcuts.find((shortcut) => shortcut.keys === whole) ??
    (shortcuts.some((shortcut) => shortcut.keys.startsWith(`${whole} `)) ? "begun" : undefined)
  );
}
