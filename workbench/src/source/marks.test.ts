import { expect, test } from "vitest";
import { chooseAt, firstFrom, marksAt, orderClaims } from "./marks.ts";

const mark = (id: string, start: number, end: number) => ({ id, start, end, status: "DISPUTED" as const });
const marks = [mark("sentence", 0, 40), mark("figure", 10, 20), mark("later", 50, 60)];

test("at a position the shortest claim comes first", () => {
  expect(marksAt(marks, 12).map(({ id }) => id)).toEqual(["figure", "sentence"]);
  expect(marksAt(marks, 20).map(({ id }) => id)).toEqual(["sentence"]);
  expect(marksAt(marks, 45)).toEqual([]);
});

test("what is read is the first claim that begins there or further on", () => {
  expect([0, 1, 10, 11, 50, 51].map((unit) => firstFrom(marks, unit)?.id)).toEqual([
    "sentence",
    "figure",
    "figure",
    "later",
    "later",
    undefined,
  ]);
});

test("clicks on the same words go from the inner claim to the outer, and around", () => {
  expect(chooseAt(marks, 12, undefined)).toBe("figure");
  expect(chooseAt(marks, 12, "figure")).toBe("sentence");
  expect(chooseAt(marks, 12, "sentence")).toBe("figure");
  expect(chooseAt(marks, 45, "figure")).toBeUndefined();
});

test("claims without a place come last, as they were", () => {
  const claims = ["b", "later", "a", "figure"].map((id) => ({ id }));
  expect(orderClaims(claims, marks).map(({ id }) => id)).toEqual(["figure", "later", "b", "a"]);
});
