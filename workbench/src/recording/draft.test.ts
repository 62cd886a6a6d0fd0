import { expect, test } from "vitest";
import { emptyDraft, emptyHop, makeInput, moveHop, namesToTry } from "./draft.ts";

const question = { id: "question_1", text: "How many?", kind: "QUANTITY" as const };

test("positions of the quote count code points", () => {
  const input = makeInput("source_1", { ...emptyDraft("key"), quote: "🚁 “25”", start: 7 });
  expect(input.quote).toEqual({ exact: "🚁 “25”", start: 7, end: 13 });
  expect(input.statement).toBe("🚁 “25”");
});

test("a question decides whether a quantity or a polarity is sent", () => {
  const draft = { ...emptyDraft("key"), quantity: "at least 25", lower: " ", polarity: "DENIES" as const };
  expect(makeInput("s", draft).quantity).toBeNull();
  expect(makeInput("s", { ...draft, question }).quantity).toEqual({
    text: "at least 25",
    lower: null,
    upper: null,
    lowerInclusive: true,
    upperInclusive: true,
    modality: null,
  });
  const input = makeInput("s", { ...draft, question: { ...question, kind: "YES_NO" } });
  expect([input.quantity, input.polarity]).toEqual([null, "DENIES"]);
});

test("hops without anybody are not sent, and none are unless the claim is attributed", () => {
  const hops = [{ ...emptyHop(1), agents: [{ id: "agent_1", name: "A" }], cue: " said " }, emptyHop(2)];
  const draft = { ...emptyDraft("key"), hops };
  expect(makeInput("s", draft).hops).toEqual([
    { agents: ["agent_1"], cue: "said", mode: null, channel: "UNSTATED" },
  ]);
  expect(makeInput("s", { ...draft, basis: "FIRSTHAND" }).hops).toEqual([]);
});

test("hops change places, and do not leave the list", () => {
  const hops = [emptyHop(1), emptyHop(2), emptyHop(3)];
  const keys = (index: number, by: -1 | 1) => moveHop(hops, index, by).map(({ key }) => key);
  expect(keys(2, -1)).toEqual([1, 3, 2]);
  expect(keys(0, 1)).toEqual([2, 1, 3]);
  expect(keys(0, -1)).toEqual([1, 2, 3]);
  expect(keys(2, 1)).toEqual([1, 2, 3]);
});

test("a title before a name is left out at last", () => {
  expect(namesToTry("Defense Secretary Mark Esper")).toEqual([
    "Defense Secretary Mark Esper",
    "Secretary Mark Esper",
    "Mark Esper",
    "Esper",
  ]);
});
