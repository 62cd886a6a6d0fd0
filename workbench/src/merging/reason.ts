// Which of the changes to a row was its merge. Pure.
import type { MergeChangeFragment } from "#generated/types.ts";

/** The newest change, of those given oldest first, by which the row came to be merged as it is. */
export function findMerge(
  changes: readonly { readonly node: MergeChangeFragment }[],
): MergeChangeFragment | undefined {
  return changes
    .map(({ node }) => node)
    .findLast(({ before, after }) => after !== null && into(after) !== into(before) && into(after) !== null);
}

function into(row: Readonly<Record<string, unknown>> | null): unknown {
  return row?.merged_into ?? null;
}
