import { expect, test } from "vitest";
import { distinct, mentions, offer } from "./matching.ts";

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

test("recent ones that begin so come before what was found, and nothing is found where nothing is typed", () => {
  const nodes = (...ids: string[]) => ids.map((id) => ({ id }));
  const words = ({ id }: { id: string }) => [id];
  expect(offer("b", nodes("abc", "bcd"), nodes("xb", "bcd"), words)).toEqual(nodes("bcd", "xb"));
  expect(offer("", nodes("abc"), nodes("left over"), words)).toEqual(nodes("abc"));
  expect(offer("", nodes(..."abcdefghijk"), [], words)).toHaveLength(8);
});
