import { expect, test } from "vitest";
import { changesOf, contested, rebase, spell } from "./fields.ts";

const base = { statement: "19 died.", note: "", hops: [{ agents: [{ id: "a", name: "A" }], cue: "" }] };
const edit = { version: 1, base, mine: { ...base, note: "Mine." }, reason: "" };

test("only what was changed is sent", () => {
  expect(changesOf(base, edit.mine)).toEqual({ note: "Mine." });
  expect(changesOf(base, { ...base, hops: [...base.hops] })).toEqual({});
});

test("what others changed stays, unless it was changed here too", () => {
  const theirs = { ...base, statement: "20 died.", note: "Theirs." };
  expect(rebase(edit, theirs)).toEqual({ ...theirs, note: "Mine." });
  expect(contested(edit, theirs)).toEqual(["statement", "note"]);
  expect(contested(edit, { ...base, note: "Mine." })).toEqual([]);
});

test("a value in words", () => {
  expect(spell("")).toBe("–");
  expect(spell({ id: "q", text: "How many?" })).toBe("How many?");
  expect(
    spell([
      { agents: [{ name: "A" }, { name: "B" }], cue: "said" },
      { agents: [{ name: "C" }], cue: "" },
    ]),
  ).toBe("A + B “said” → C");
});
