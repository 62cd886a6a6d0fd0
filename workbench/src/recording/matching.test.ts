import { expect, test } from "vitest";
import { distinct, mentions } from "./matching.ts";

test("beginnings of words match, in any order", () => {
  expect(mentions(["Mark Esper", "Mark T. Esper"], "esp ma")).toBe(true);
  expect(mentions(["How many people did the airstrikes kill?"], "airs")).toBe(true);
  expect(mentions(["Mark Esper"], "sper")).toBe(false);
  expect(mentions(["Çınarın Sesi"], "çın")).toBe(true);
  expect(mentions(["anything"], "")).toBe(true);
});

test("nodes once, in the order they came", () => {
  expect(distinct([{ id: "b" }, { id: "a" }, { id: "b" }])).toEqual([{ id: "b" }, { id: "a" }]);
});
