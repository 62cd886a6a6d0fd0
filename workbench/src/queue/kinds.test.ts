import { expect, test } from "vitest";
import { EVENT_KINDS, filterOf, findKind, firstWaiting, KINDS } from "./kinds.ts";

test("an event narrows a kind", () => {
  expect(filterOf("disputed", null)).toEqual({ status: ["DISPUTED", "CONTRADICTED"] });
  expect(filterOf("unasked", "event_1")).toEqual({ hasQuestion: false, event: ["event_1"] });
});

test("an address names a kind or none", () => {
  expect(findKind("orphaned")).toBe("orphaned");
  expect(findKind("nonsense")).toBeUndefined();
  expect(findKind(null)).toBeUndefined();
});

test("what waits first is what a list opens on", () => {
  const none = { totalCount: 0 };
  const counts = { uncorroborated: none, disputed: none, disagreed: none, orphaned: none, unasked: none };
  expect(
    firstWaiting(EVENT_KINDS, { ...counts, disagreed: { totalCount: 1 }, orphaned: { totalCount: 9 } }),
  ).toBe("disagreed");
  expect(firstWaiting(EVENT_KINDS, { ...counts, unasked: { totalCount: 1 } })).toBe("uncorroborated");
  expect(firstWaiting(KINDS, { ...counts, unasked: { totalCount: 1 } })).toBe("unasked");
  expect(firstWaiting(EVENT_KINDS, undefined)).toBe("uncorroborated");
});
