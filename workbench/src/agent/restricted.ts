// What was restricted with the protection of an agent, however much that is. Pure.
import type { StandingPartsFragment } from "#generated/types.ts";

/** The ids of all of it. `readOn` has the next page, and does nothing again; null where it cannot be read. */
export async function listRestricted(
  standing: StandingPartsFragment | null,
  readOn: (after: string) => Promise<StandingPartsFragment | null>,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let page = standing?.restrictedNodes;
  while (page !== undefined) {
    ids.push(...page.edges.map(({ node }) => node.id));
    const { hasNextPage, endCursor } = page.pageInfo;
    page = hasNextPage && endCursor !== null ? (await readOn(endCursor))?.restrictedNodes : undefined;
  }
  return ids;
}
