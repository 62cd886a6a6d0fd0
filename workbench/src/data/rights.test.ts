import { expect, test } from "vitest";
import type { Role } from "#generated/types.ts";
import { findLost, readRights } from "./rights.tsx";

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

test("what is lost is told by the most that one had", () => {
  const access = (role: Role, name = true) => {
    const rights = { __typename: "Access", role, researcher: name ? me : null } as const;
    return rights;
  };
  const anybody = access("READER", false);
  expect(findLost(undefined, anybody)).toBe(undefined);
  expect(findLost(anybody, anybody)).toBe(undefined);
  expect(findLost(access("READER"), anybody)).toBe("NAME");
  expect(findLost(access("EDITOR"), access("RESEARCHER"))).toBe("ROLE");
  expect(findLost(access("RESEARCHER"), access("ADMIN"))).toBe(undefined);
  expect(findLost(anybody, access("READER"))).toBe(undefined);
});
