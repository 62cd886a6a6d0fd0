import { expect, test } from "vitest";
import { layOut } from "./graph.ts";
import { makeScale, niceStep } from "./scale.ts";

const bounds = (lower: string | null, upper: string | null) => ({
  lower,
  upper,
  lowerInclusive: true,
  upperInclusive: true,
});

test("all finite ends are on the axis, with room for an arrow beyond the highest", () => {
  const { place, ticks } = makeScale([bounds("25", null), bounds("2", "99")]);
  expect(place(0)).toBe(0);
  expect(place(99)).toBeLessThan(95);
  expect(place(1e9)).toBe(100);
  expect(ticks[0]).toBe(0);
  expect(ticks.length).toBeGreaterThan(3);
});

test("magnitudes apart, the axis is logarithmic", () => {
  const { place, ticks } = makeScale([bounds("3", "9"), bounds("10000", "90000")]);
  expect(place(9) - place(3)).toBeCloseTo(place(90000) - place(30000));
  expect(ticks).toEqual([1, 10, 100, 1000, 10000, 100000]);
  expect(place(0)).toBe(0);
});

test("steps are 1, 2, 5 times a power of ten", () => {
  expect([0.3, 3, 7, 20, 1234].map(niceStep)).toEqual([0.5, 5, 10, 20, 2000]);
});

test("nine papers quoting one minister join in one node", () => {
  const papers = Array.from({ length: 9 }, (_, index) => ({ parties: ["minister", `paper ${index}`] }));
  const graph = layOut(papers);
  expect(graph.nodes.filter(({ column }) => column === 0)).toEqual([
    { key: "minister", column: 0, row: 0, roads: 9 },
  ]);
  expect([graph.edges.length, graph.columns, graph.rows]).toEqual([9, 2, 9]);
});

test("a party that passes on stands behind whom it quotes, and nobody is drawn twice", () => {
  const graph = layOut([
    { parties: ["a", "agency", "paper"] },
    { parties: ["agency", "paper"] },
    { parties: [] },
  ]);
  expect(graph.nodes.map(({ key, column }) => [key, column])).toEqual([
    ["a", 0],
    ["agency", 1],
    ["paper", 2],
  ]);
  expect(graph.edges).toContainEqual({ from: "agency", to: "paper", roads: 2 });
  const passed = layOut([{ parties: ["iraq", "militia"] }, { parties: ["militia", "sputnik", "trend"] }]);
  expect(passed.nodes.map(({ key, column }) => [key, column])).toEqual([
    ["iraq", 0],
    ["militia", 1],
    ["sputnik", 2],
    ["trend", 3],
  ]);
  expect(layOut([{ parties: ["a", "b"] }, { parties: ["b", "a"] }]).nodes).toHaveLength(2);
  expect(layOut([])).toEqual({ nodes: [], edges: [], columns: 0, rows: 1 });
});
