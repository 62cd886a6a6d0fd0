import { expect, test } from "vitest";
import { guessTitle } from "./guess.ts";

test("a short first line before others is a title", () => {
  expect(guessTitle("\n  Hundreds more troops \n\nThe United States said …")).toBe("Hundreds more troops");
  expect(guessTitle("One line alone.")).toBe("");
  expect(guessTitle(`${"long ".repeat(40)}\nmore`)).toBe("");
  expect(guessTitle("")).toBe("");
});
