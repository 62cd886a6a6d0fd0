import { expect, test } from "vitest";
import { tell, tellAt } from "./problems.ts";

test("a problem has the label of its field in front, unless it is a sentence", () => {
  expect(tellAt("Reason", "is blank")).toBe("Reason: is blank");
  expect(tellAt("It reprints", "The source would be a reprint of itself.")).toBe(
    "The source would be a reprint of itself.",
  );
});

test("what has no field is named", () => {
  expect(tell({ path: ["claim"], message: "is withdrawn already" })).toBe("The claim is withdrawn already.");
  expect(tell({ path: ["hops", "0", "agents"], message: "is required" })).toBe("hops 1 agents: is required.");
  expect(tell({ path: [], message: "is too much" })).toBe("is too much");
});
