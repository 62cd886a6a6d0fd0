// How a status comes about, for who sees one for the first time. docs/corroboration.md has the rule to the letter.
import type { CorroborationStatus } from "#generated/types.ts";

export const rule = {
  rule: {
    title: "How Sayso counts",
    link: "How this is counted",
    version: (version: number) => `Rule ${version}`,
    lead: "A status is never typed in. It follows from what is recorded, by a published rule: same records, same status. It counts independence; it does not say what is true.",
    linesTitle: "Lines, not reports",
    lines: [
      "Eleven papers that quote one minister are eleven reports, and one line: if the minister is wrong, they all are.",
      "Two reports are independent if nobody stands in both: no speaker, no agency that passed it on, no publisher, nor whoever these speak for. There are as many lines as reports can be found of which no two share anybody.",
      "A report that does not say how it knows may repeat anybody. It is a report, and never a line.",
    ],
    weakestTitle: "Who would all have to be wrong",
    weakest:
      "The fewest who together stand behind every report for a claim. If they are wrong, nothing is left that speaks for it.",
    sidesTitle: "What speaks for a claim, and what against it",
    sides: [
      "Answers to the same question are compared. “28” stands for “at least 25”, and against “19”.",
      "The words of the source are kept, and the numbers they allow stand beside them: “around 750” is 675 to 825, “at least 25” is 25 or more, “dozens” is 24 to 99.",
      "Where a researcher judges two claims, that counts in place of the comparison, with their name and reason.",
    ],
    statusTitle: "The statuses",
    status: {
      CORROBORATED: "Two independent lines or more for it, none against.",
      UNCORROBORATED: "One line at most for it, none against.",
      DISPUTED: "One line against it; or more, with two or more for it.",
      CONTRADICTED: "Two lines or more against it, and one at most for it.",
      OUTDATED: "Those who said it have said otherwise since.",
      RETRACTED: "Its source took it back.",
    } satisfies Record<CorroborationStatus, string>,
    pastTitle: "Nothing is overwritten",
    past: "Who recorded what, when and why stays. The history of a claim leads to the claim as it stood before each change.",
  },
} as const;
