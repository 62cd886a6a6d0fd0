// What somebody changed of a record, beside what others changed of it meanwhile. Pure.

/** An edit under way: what it began with, and what stands in the fields now. */
export interface Edit<Fields> {
  /** Of the record, when it was read. */
  readonly version: number;
  readonly base: Fields;
  readonly mine: Fields;
  readonly reason: string;
}

export interface Standing<Fields> {
  readonly version: number;
  readonly fields: Fields;
}

function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

/** Of an input, what is to be sent so that `before` becomes `after`. */
export function changesOf<Input extends object>(before: Input, after: Input): Partial<Input> {
  const changed = Object.entries(after).filter(([name, value]) => differ(value, before[name as keyof Input]));
  return Object.fromEntries(changed) as Partial<Input>;
}

/** What others made of it, with what was changed here. */
export function rebase<Fields extends object>({ base, mine }: Edit<Fields>, theirs: Fields): Fields {
  return { ...theirs, ...changesOf(base, mine) };
}

/** The fields that either changed. */
export function contested<Fields extends object>(
  { base, mine }: Edit<Fields>,
  theirs: Fields,
): (keyof Fields)[] {
  return (Object.keys(base) as (keyof Fields)[]).filter(
    (name) =>
      differ(theirs[name], mine[name]) &&
      (differ(base[name], theirs[name]) || differ(base[name], mine[name])),
  );
}

/** The value of a field in words: a text, a number, somebody named, hops. */
export function spell(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (Array.isArray(value)) return value.map(spell).join(" → ");
  if (typeof value !== "object") return String(value);
  const { name, text, title, agents, cue } = value as Record<string, unknown>;
  if (Array.isArray(agents)) {
    const said = typeof cue === "string" && cue !== "" ? ` “${cue}”` : "";
    return `${agents.map(spell).join(" + ")}${said}`;
  }
  return String(name ?? text ?? title ?? "–");
}
