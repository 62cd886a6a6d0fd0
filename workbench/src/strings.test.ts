import { expect, test } from "vitest";
import { changing } from "./strings/changing.ts";
import { claim } from "./strings/claim.ts";
import { domain } from "./strings/domain.ts";
import { pages } from "./strings/pages.ts";
import { question } from "./strings/question.ts";
import { recording } from "./strings/recording.ts";
import { rule } from "./strings/rule.ts";
import { shell } from "./strings/shell.ts";
import { say } from "./strings.ts";

test("no part has a name of another's: it would be lost without a word", () => {
  const names = [shell, domain, pages, recording, claim, question, changing, rule].flatMap((part) =>
    Object.keys(part),
  );
  expect(names.toSorted()).toEqual(Object.keys(say).toSorted());
});
