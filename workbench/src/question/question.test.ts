import { expect, test } from "vitest";
import type { CorroborationStatus } from "#generated/types.ts";
import { type Claim, groupAnswers, makeColumns, type OriginPositions, type Position } from "./answers.ts";
import { bundleRoads, keepOrder, layOut } from "./roads.ts";
import { makeScale, niceStep } from "./scale.ts";
import { makeTimeScale, writeDays } from "./time.ts";

const bounds = (lower: string | null, upper: string | null) => ({
  lower,
  upper,
  lowerInclusive: true,
  upperInclusive: true,
});

const quantity = (lower: string | null, upper: string | null) => ({
  __typename: "Quantity" as const,
  ...bounds(lower, upper),
});

const says = (
  origin: OriginPositions["origin"],
  positions: OriginPositions["positions"],
): OriginPositions => ({ origin, positions });

const agent = (name: string) => ({ __typename: "Agent" as const, id: name, name });

function position(id: string, day: string, claim: Partial<Claim>, lines = 1, live = true): Position {
  return {
    live,
    said: { from: `2019-12-${day}T00:00:00Z`, to: `2019-12-${day}T12:00:00Z` },
    claim: {
      id,
      statement: "So.",
      polarity: null,
      quantity: null,
      corroboration: {
        status: "UNCORROBORATED" as CorroborationStatus,
        linesFor: lines,
        linesExact: true,
        reportsFor: 1,
      },
      ...claim,
    },
  } as Position;
}

const papers = Array.from({ length: 9 }, (_, index) => `paper ${index}`);

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

test("days are named on the axis of time, at most six", () => {
  const stretches = [
    { from: "2019-12-29T00:00:00Z", to: "2019-12-30T00:00:00Z" },
    { from: "2020-01-02T00:00:00Z", to: "2020-01-03T00:00:00Z" },
  ];
  const { place, ticks } = makeTimeScale(stretches);
  expect(ticks.map(({ label }) => label)).toEqual(["Dec 30", "Jan 1", "Jan 3"]);
  expect(place("2019-12-29T00:00:00Z")).toBeGreaterThan(0);
  expect(place("2020-01-03T00:00:00Z")).toBeLessThan(100);
  expect(writeDays(stretches).replaceAll(/\s/g, " ")).toBe("Dec 29, 2019 – Jan 2, 2020");
});

test.each([
  ["2019-12-31T10:00:00Z", "2019-12-31T10:00:00Z"],
  ["2019-12-31T10:00:00Z", "2020-02-01T00:00:00Z"],
  ["1914-06-28T10:00:00Z", "2020-02-01T00:00:00Z"],
])("from %s to %s an axis has one to six dates", (from, to) => {
  const { ticks, place } = makeTimeScale([{ from, to }]);
  expect(ticks.length).toBeGreaterThan(0);
  expect(ticks.length).toBeLessThan(13);
  expect(place(from)).toBeGreaterThan(0);
});

test("claims that say the same are one answer; origins with most claims first, nobody last", () => {
  const origins: OriginPositions[] = [
    says(
      null,
      papers.map((id) => position(id, "31", { quantity: quantity("25", "25") })),
    ),
    says(agent("b"), [position("x", "30", { quantity: quantity("25", null) })]),
    says(agent("a"), [
      position("late", "31", { quantity: quantity("25", "25") }, 2),
      position("early", "30", { quantity: quantity("25", "25") }),
      position("old", "29", { quantity: quantity("19", "19") }, 1, false),
    ]),
  ];
  const [a, b, nobody] = groupAnswers(origins);
  expect([a?.key, b?.key, nobody?.key]).toEqual(["a", "b", "nobody"]);
  expect(a?.answers.map(({ live, positions }) => [live, positions.map(({ claim }) => claim.id)])).toEqual([
    [true, ["early", "late"]],
    [false, ["old"]],
  ]);
  expect(a?.answers[0]?.claim.id).toBe("late");
  expect(nobody?.answers.length).toBe(1);
});

test("yes stands before no, and words in columns of their own", () => {
  const of = (answers: Partial<Claim>[]) =>
    makeColumns(
      groupAnswers(
        answers.map((claim, index) => says(agent(`o${index}`), [position(`${index}`, "30", claim)])),
      ),
    );
  expect(of([{ polarity: "DENIES" }, { polarity: "ASSERTS" }]).map(({ polarity }) => polarity)).toEqual([
    "ASSERTS",
    "DENIES",
  ]);
  const words = of([{ statement: "Iran." }, { statement: "A militia." }, { statement: "iran." }]);
  expect(words.map(({ key, claims }) => [key, claims])).toEqual([
    ["iran.", 2],
    ["a militia.", 1],
  ]);
});

test("nine papers quoting one minister are one bundle, and join in one node", () => {
  const roads = papers.map((paper) => ["minister", paper]);
  expect(bundleRoads(roads, ["minister"], [["minister", "paper 0"]])).toEqual([
    { through: "minister", roads },
  ]);
  const graph = layOut(roads);
  expect([graph.nodes.get("minister")?.row, graph.nodes.get("minister")?.roads]).toEqual([4, 9]);
  expect([graph.edges.length, graph.columns, graph.rows]).toEqual([9, 2, 9]);
});

test("a road past two links goes to the line it shares most with; one past none has a bundle without a link", () => {
  const roads = [["a", "b", "paper"], ["b", "other"], ["a", "c"], ["stray"], []];
  const bundles = bundleRoads(
    roads,
    ["a", "b"],
    [
      ["a", "c"],
      ["b", "paper"],
    ],
  );
  expect(bundles).toEqual([
    { through: "b", roads: [roads[0], roads[1]] },
    { through: "a", roads: [roads[2]] },
    { through: null, roads: [roads[3]] },
  ]);
});

test("lines stay where they stood, and new ones go between them and the rest", () => {
  const bundles = ["new", "b", "a", null].map((through) => ({ through, roads: [] }));
  const ordered = keepOrder(bundles, ["a", "b", null]).map(({ through }) => through);
  expect(ordered).toEqual(["a", "b", "new", null]);
  expect(keepOrder(bundles, [])).toEqual(bundles);
});

test("nobody is drawn twice, and an edge that passes a column bends in it", () => {
  const { nodes, edges } = layOut([
    ["a", "agency", "paper"],
    ["a", "paper"],
    ["agency", "paper"],
  ]);
  const parties = [...nodes.values()].filter(({ bend }) => !bend);
  expect(parties.map(({ key, column }) => [key, column])).toEqual([
    ["a", 0],
    ["agency", 1],
    ["paper", 2],
  ]);
  expect(edges).toContainEqual({ from: "agency", to: "paper", roads: 2 });
  expect([...nodes.values()].filter(({ bend }) => bend).map(({ column }) => column)).toEqual([1]);
  const places = [...nodes.values()].map(({ column, row }) => `${column} ${row}`);
  expect(new Set(places).size).toBe(places.length);
});

test("parties that quote each other in a circle are drawn all the same", () => {
  const { nodes } = layOut([
    ["a", "b"],
    ["b", "a"],
  ]);
  expect(nodes.size).toBe(2);
  expect(layOut([])).toMatchObject({ edges: [], columns: 0, rows: 0 });
});

test("past ten publishers of one road, the rest are one node", () => {
  const graph = layOut(Array.from({ length: 40 }, (_, index) => ["minister", `paper ${index}`]));
  expect(graph.nodes.size).toBe(11);
  const more = [...graph.nodes.values()].find(({ folded }) => folded > 0);
  expect([more?.folded, more?.roads]).toEqual([31, 31]);
});
