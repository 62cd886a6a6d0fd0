import { expect, test } from "vitest";
import { matchStroke, writeStroke } from "./keys.ts";

const plain = { ctrlKey: false, metaKey: false, altKey: false };

test("strokes are written as shortcuts name them", () => {
  expect(writeStroke({ ...plain, key: "?" })).toBe("?");
  expect(writeStroke({ ...plain, key: "Enter", metaKey: true })).toBe("Mod+Enter");
  expect(writeStroke({ ...plain, key: "S", ctrlKey: true })).toBe("Mod+s");
});

test("a sequence begins, and completes", () => {
  const shortcuts = [{ keys: "g h" }, { keys: "j" }];
  expect(matchStroke(shortcuts, "", "j")).toEqual({ keys: "j" });
  expect(matchStroke(shortcuts, "", "g")).toBe("begun");
  expect(matchStroke(shortcuts, "g", "h")).toEqual({ keys: "g h" });
  expect(matchStroke(shortcuts, "g", "j")).toBeUndefined();
  expect(matchStroke(shortcuts, "", "h")).toBeUndefined();
});
