import { expect, test } from "vitest";
import { instant } from "./moment.ts";

test("a day alone is meant as it was over", () => {
  expect(instant("2026-11-01")).toBe("2026-11-01T23:59:59.999Z");
});

test("a time is what it says, and anything else is no moment", () => {
  expect(instant("2026-11-01T05:00:00+02:00")).toBe("2026-11-01T05:00:00+02:00");
  expect(instant("yesterday")).toBeNull();
  expect(instant("2026-13-01")).toBeNull();
  expect(instant("2026-11-01T05:00:00")).toBeNull();
  expect(instant("-1")).toBeNull();
});
