import { expect, test } from "vitest";
import type { Role } from "#generated/types.ts";
import { readRights } from "./rights.tsx";

const me = { __typename: "Researcher", id: "me", name: "Me" } as const;
const as = (role: Role) => readRights({ __typename: "Access", role, researcher: me });

test("each role may what the server lets it", () => {
  const may = (role: Role) => {
    const { record, amend, takeBack } = as(role);
    return [record, amend, takeBack({ id: "me" }), takeBack({ id: "other" })];
  };
  expect(may("READER")).toEqual([false, false, false, false]);
  expect(may("RESEARCHER")).toEqual([true, false, true, false]);
  expect(may("EDITOR")).toEqual([true, true, true, true]);
  expect(may("ADMIN")).toEqual([true, true, true, true]);
});

test("until it is known nothing is taken away", () => {
  expect(readRights(undefined)).toMatchObject({ record: true, amend: true });
});
