// A question, and who answers it.
import type { Polarity, QuestionKind } from "#generated/types.ts";
import { count, numbers } from "./count.ts";

export const question = {
  // A question
  question: {
    origins: (n: number) => count(n, "origin", "origins"),
    loading: "More claims answer it: they are on their way.",
    partly: "Not all claims that answer it could be loaded.",
    standing: "The range that stands:",
    unit: "Unit",
    unitExample: "people",
    counted: "What is counted",
    countedExample: "killed",
    record: "Record a claim for it",
    recordWords: "Choose the source that says it; the form will have this question.",
    inSource: "In which source?",
    inNew: "In one that is not recorded: paste it",
    for: "An answer to:",
    leave: "Mark something else",
    nothing: "No claim answers it yet",
    nothingWords: {
      QUANTITY:
        "Mark words in a source, and choose this question in the form: every origin's answer will stand here on one axis.",
      YES_NO:
        "Mark words in a source, and choose this question in the form: who asserts it and who denies it will stand here side by side.",
      OPEN: "Mark words in a source, and choose this question in the form: every answer will stand here with those who give it.",
    } satisfies Record<QuestionKind, string>,
    judge: "Judge this answer",
    chart: "Every origin's answers: the numbers each allows, when it was said, and in how many claims",
    sides: "The answers, and who gives them",
    polarity: { ASSERTS: "Yes", DENIES: "No" } satisfies Record<Polarity, string>,
    silent: "No claim recorded says so.",
    answer: "Answer",
    numbers: "Numbers it allows",
    when: "When it was said",
    claims: "Claims",
    nobody: "Claims that do not say how they know",
    moreOrigins: (n: number) => `Show ${count(n, "more origin", "more origins")}`,
    moreAnswers: (n: number) => `Show ${count(n, "more answer", "more answers")}`,
    moreClaims: (n: number) => `Show ${count(n, "more claim", "more claims")}`,
    lines: "Who stands behind the answer",
    through: (party: string) => `all through ${party}`,
    strays: "Beside the lines",
    passing: (n: number) => `${count(n, "claim passes", "claims pass")} through here`,
    others: (n: number) => `and ${numbers.format(n)} more`,
    graph: "From origins to publishers",
    legend: "From origins to publishers. Framed: who would have to be wrong for the line to fall.",
    unsaid: (n: number) =>
      `Not drawn: ${count(n, "claim that does", "claims that do")} not say how they know.`,
    drawAll: (of: number) => `Draw all ${numbers.format(of)} claims`,
    drawing: (n: number, of: number) => `Drawn so far: ${numbers.format(n)} of ${numbers.format(of)} claims.`,
    drawn: (n: number, of: number) =>
      `Drawn: the first ${numbers.format(n)} of ${numbers.format(of)} claims.`,
    noRoads: "No report says how it knows: there is no line to draw.",
    faded: "no longer counts",
    next: "Next answer",
    previous: "Answer before",
  },
} as const;
