import { expect, test } from "vitest";
import { Positions } from "./codepoints.ts";
import { checkQuote, type Quoted } from "./quotes.ts";

function outcome(quote: Partial<Quoted> & { exact: string }, text: string) {
  return checkQuote({ prefix: null, suffix: null, start: null, ...quote }, text, new Positions(text));
}

test("a quote stands, has moved, or is gone", () => {
  const quote = { exact: "25", prefix: "At least ", suffix: " died.", start: 9 };
  expect(outcome(quote, "At least 25 died.")).toBe("PRESENT");
  expect(outcome(quote, "Sunday: At least 25 died.")).toBe("MOVED");
  expect(outcome(quote, "At least 26 died.")).toBe("ORPHANED");
});

test("words around it may change; in several places it is nowhere", () => {
  const quote = { exact: "25", prefix: "At least ", suffix: " died.", start: 9 };
  expect(outcome(quote, "At most, 25 died, 25 hurt.")).toBe("PRESENT");
  expect(outcome(quote, "So 25 died and 25 hurt.")).toBe("ORPHANED");
  expect(outcome({ ...quote, start: 2 }, "🚁 At least 25 came; 25 left.")).toBe("MOVED");
});

test("places count code points", () => {
  expect(outcome({ exact: "25", prefix: "🚁 ", start: 2 }, "🚁 25")).toBe("PRESENT");
});
