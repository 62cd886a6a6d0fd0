import { expect, test } from "vitest";
import { filterOf, readKind } from "./kinds.ts";

test("an event narrows a kind", () => {
  expect(filterOf("disputed", null)).toEqual({ status: ["DISPUTED", "CONTRADICTED"] });
  expect(filterOf("unasked", "event_1")).toEqual({ hasQuestion: false, event: ["event_1"] });
});

test("an address that names no kind means the first", () => {
  expect(readKind("orphaned")).toBe("orphaned");
  expect(readKind("nonsense")).toBe("uncorroborated");
  expect(readKind(null)).toBe("uncorroborated");
});
