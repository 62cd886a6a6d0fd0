import { describe, expect, it } from "vitest";
import { around, wordsAt } from "./named.ts";

describe("names in words", () => {
  it("are found by code points, not by units", () => {
    expect(around("👩‍👩‍👧 said Ann Lee.", { start: 11, end: 18 })).toEqual({
      before: "👩‍👩‍👧 said ",
      name: "Ann Lee",
      after: ".",
    });
  });

  it("have only some words on either side", () => {
    const { before, name, after } = around(`${"a".repeat(50)}Ann${"b".repeat(50)}`, { start: 50, end: 53 });
    expect([before, name, after]).toEqual([`… ${"a".repeat(30)}`, "Ann", `${"b".repeat(30)} …`]);
  });

  it("are looked up by their path", () => {
    const input = { hops: [{ cue: "said" }], quote: { exact: "so" }, note: null };
    expect(wordsAt(input, ["hops", "0", "cue"])).toBe("said");
    expect(wordsAt(input, ["quote", "exact"])).toBe("so");
    expect(wordsAt(input, ["quote", "prefix"])).toBeUndefined();
    expect(wordsAt(input, ["note", "more"])).toBeUndefined();
  });
});
