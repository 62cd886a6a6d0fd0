// Every word the page shows. A translation is another folder of this shape; numbers and dates go through Intl.
import { changing } from "./strings/changing.ts";
import { claim } from "./strings/claim.ts";
import { domain } from "./strings/domain.ts";
import { pages } from "./strings/pages.ts";
import { question } from "./strings/question.ts";
import { recording } from "./strings/recording.ts";
import { rule } from "./strings/rule.ts";
import { shell } from "./strings/shell.ts";

export { LANGUAGE } from "./strings/count.ts";

export const say = {
  ...shell,
  ...domain,
  ...pages,
  ...recording,
  ...claim,
  ...question,
  ...changing,
  ...rule,
} as const;
