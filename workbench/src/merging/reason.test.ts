import { expect, test } from "vitest";
import { findMerge } from "./reason.ts";

const change = (at: string, before: string | null, after: string | null) => ({
  node: {
    __typename: "Revision" as const,
    at,
    actor: null,
    reason: null,
    before: { merged_into: before },
    after: { merged_into: after },
  },
});

test("the merge that stands is the newest by which the row came to where it is", () => {
  const first = change("2019", null, "a");
  const parted = change("2020", "a", null);
  const second = change("2021", null, "b");
  const renamed = change("2022", "b", "b");
  expect(findMerge([first, parted, second, renamed])?.at).toBe("2021");
});

test("of changes whose rows are not told nothing is made", () => {
  const { node } = change("2019", null, "a");
  expect(findMerge([{ node: { ...node, before: null, after: null } }])).toBeUndefined();
  expect(findMerge([])).toBeUndefined();
});
