import { expect, test } from "vitest";
import type { StandingPartsFragment } from "#generated/types.ts";
import { listRestricted } from "./restricted.ts";

/** A page with these ids; `next` is the cursor of the one after it. */
function makePage(ids: readonly string[], next: string | null): StandingPartsFragment {
  return {
    __typename: "StandingNames",
    total: 0,
    places: [],
    restrictedNodes: {
      __typename: "RestrictedNodeConnection",
      totalCount: 3,
      pageInfo: { __typename: "PageInfo", hasNextPage: next !== null, endCursor: next },
      edges: ids.map((id) => ({
        __typename: "RestrictedNodeEdge",
        node: { __typename: "Source", id, title: id },
      })),
    },
  };
}

test("all that was restricted is listed, page after page", async () => {
  const asked: string[] = [];
  const pages = new Map([
    ["1", makePage(["b"], "2")],
    ["2", makePage(["c"], null)],
  ]);
  const readOn = async (after: string) => {
    asked.push(after);
    return pages.get(after) ?? null;
  };
  expect(await listRestricted(makePage(["a"], "1"), readOn)).toEqual(["a", "b", "c"]);
  expect(asked).toEqual(["1", "2"]);
  expect(await listRestricted(makePage(["a"], "unknown"), readOn)).toEqual(["a"]);
  expect(await listRestricted(null, readOn)).toEqual([]);
});
