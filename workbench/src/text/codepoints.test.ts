import { expect, test } from "vitest";
import { Positions } from "./codepoints.ts";

const TEXTS = ["", "plain", "🚁", "a🚁b", "“Boom” 🚁🚁 said 👩‍🚒", "e\u0301🇮🇶z", "\ud83d lone \udc00"];

test("each position there and back, beside a plain count", () => {
  for (const text of TEXTS) {
    const positions = new Positions(text);
    const points = [...text];
    expect(positions.points).toBe(points.length);
    for (let point = 0; point <= points.length; point++) {
      const units = points.slice(0, point).join("").length;
      expect(positions.toUnits(point)).toBe(units);
      expect(positions.toPoints(units)).toBe(point);
    }
  }
});

test("inside of a pair is its start, and beyond the text its end", () => {
  const positions = new Positions("a🚁b");
  expect(positions.toPoints(2)).toBe(1);
  expect(positions.toUnits(99)).toBe(4);
  expect(positions.toPoints(-1)).toBe(0);
});
