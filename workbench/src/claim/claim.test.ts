import { expect, test } from "vitest";
import { cite, FORMATS } from "./cite.ts";
import type { Claim } from "./claim.ts";
import { findChanges } from "./diff.ts";
import { sharedLines } from "./lines.tsx";
import { isPending, missing } from "./sent.ts";

const claim = {
  id: "claim_1-2",
  statement: "50% & more {died}",
  quote: { exact: "half of them" },
  attribution: [{ agents: [{ name: "A_B" }, { name: "C" }] }],
  source: {
    title: "T",
    url: "https://example.org/t",
    publisher: { name: "P" },
    published: { text: "2019-12" },
  },
} as unknown as Claim;
const as = (format: (typeof FORMATS)[number]) => cite(claim, format, "http://s/claims/1", "2026-11-22");

test("as text: who, the words, where, and where this is", () => {
  expect(as("text")).toBe(
    "A_B and C: “half of them”, in: “T” (P, 2019-12), https://example.org/t. Recorded in Sayso, http://s/claims/1 (seen 2026-11-22).",
  );
});

test("as BibTeX, with what TeX would read as commands spelled out", () => {
  expect(as("bibtex")).toContain(
    "@misc{claim_12,\n  author = {{A\\_B} and {C}},\n  title = {{50\\% \\& more \\{died\\}}},",
  );
});

test("as CSL JSON and JSON-LD, which parse", () => {
  const [csl] = JSON.parse(as("csl"));
  expect(csl.issued).toEqual({ "date-parts": [[2019, 12]] });
  expect(csl.accessed).toEqual({ "date-parts": [[2026, 11, 22]] });
  const linked = JSON.parse(as("jsonld"));
  expect([linked["@type"], linked.appearance.text]).toEqual(["Claim", "half of them"]);
});

test("a source without url, date, publisher or speaker can be cited", () => {
  const bare = {
    ...claim,
    attribution: [],
    source: { title: "T", url: null, publisher: null, published: null },
  };
  for (const format of FORMATS) {
    const text = cite(bare as unknown as Claim, format, "a", "2026-11-22");
    expect(text).not.toMatch(/null|undefined/);
  }
});

test("changes of a revision: what differs, without what nobody asks after", () => {
  expect(
    findChanges({ version: 1, statement: "a", note: null }, { version: 2, statement: "b", note: null }),
  ).toEqual([{ field: "statement", before: "a", after: "b" }]);
  expect(findChanges(null, { id: "x", statement: "b" })).toEqual([
    { field: "statement", before: "", after: "b" },
  ]);
});

test("what was sent is pending until the claim shows it", () => {
  const claim = (rows: readonly { id: string; withdrawal: { reason: string; at: string } | null }[]) =>
    ({
      version: 1,
      withdrawal: null,
      assessments: { edges: rows.map((node) => ({ node })) },
    }) as unknown as Claim;
  const assessment = { stance: "SUPPORTS", rationale: "", evidence: "", id: "a" } as const;
  expect(isPending(missing({}, claim([])))).toBe(false);
  expect(isPending(missing({ assessment }, claim([])))).toBe(true);
  expect(isPending(missing({ assessment }, claim([{ id: "a", withdrawal: null }])))).toBe(false);
  expect(isPending(missing({ takenBack: "a" }, claim([{ id: "a", withdrawal: null }])))).toBe(true);
  const gone = { id: "a", withdrawal: { reason: "", at: "" } };
  expect(isPending(missing({ takenBack: "a" }, claim([gone])))).toBe(false);
  // One that does not come with the page: as soon as the server says so.
  expect(isPending(missing({ takenBack: "a", gone: "b" }, claim([])))).toBe(true);
  expect(isPending(missing({ takenBack: "a", gone: "a" }, claim([])))).toBe(false);
  expect(isPending(missing({ amendment: { statement: "", version: 1 } }, claim([])))).toBe(true);
  expect(isPending(missing({ amendment: { statement: "", version: 0 } }, claim([])))).toBe(false);
  expect(isPending(missing({ restoration: true }, claim([])))).toBe(false);
});

test("a chain that shares somebody with lines is no line beside them", () => {
  const party = (id: string) => ({ __typename: "Agent", id, name: id }) as const;
  const line = (...ids: string[]) => ({ __typename: "Line", side: "FOR", parties: ids.map(party) }) as const;
  const lines = [line("minister", "agency"), line("witness")];
  const shared = (...ids: string[]) => sharedLines(lines, ids.map(party));
  expect(shared("minister", "paper")).toEqual([1]);
  expect(shared("witness", "agency")).toEqual([1, 2]);
  expect(shared("paper")).toEqual([]);
  expect(shared()).toEqual([]);
});
