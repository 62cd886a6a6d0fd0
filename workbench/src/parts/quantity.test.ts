import { expect, test } from "vitest";
import { writeBounds } from "./quantity.ts";

const closed = { lowerInclusive: true, upperInclusive: true };

test("bounds in words", () => {
  expect(writeBounds({ ...closed, lower: "25", upper: "25" })).toBe("25");
  expect(writeBounds({ ...closed, lower: "675", upper: "1825" })).toBe("675 to 1,825");
  expect(writeBounds({ ...closed, lower: "25", upper: null })).toBe("25 or more");
  expect(writeBounds({ ...closed, lower: null, upper: "6000" })).toBe("6,000 or fewer");
  expect(writeBounds({ ...closed, lowerInclusive: false, lower: "2.5", upper: null })).toBe("more than 2.5");
  expect(writeBounds({ ...closed, lower: null, upper: null })).toBe("any number");
});

test("no digit is lost", () => {
  const lower = "12345678901234567890.125";
  expect(writeBounds({ ...closed, lower, upper: lower })).toBe("12,345,678,901,234,567,890.125");
});
