// What a revision changed, field by field. Pure.

interface Change {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What every row has and nobody asks after. */
const UNTOLD = new Set(["id", "version", "recorded_at", "recorded_by", "search"]);

export function findChanges(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>> | null,
): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .filter((field) => !UNTOLD.has(field) && !field.endsWith("_id"))
    .map((field) => ({ field, before: show(before?.[field]), after: show(after?.[field]) }))
    .filter((change) => change.before !== change.after);
}

function show(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
