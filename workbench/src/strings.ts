// Every word the page shows. A translation is another file of this shape; numbers and dates go through Intl.
import type { CorroborationStatus } from "#generated/types.ts";

export const LANGUAGE = "en";

const plurals = new Intl.PluralRules(LANGUAGE);
const numbers = new Intl.NumberFormat(LANGUAGE);

/** "1 report", "14 reports". */
function count(n: number, one: string, other: string): string {
  return `${numbers.format(n)} ${plurals.select(n) === "one" ? one : other}`;
}

export const say = {
  name: "Sayso",
  title: (page: string) => `${page} · Sayso`,
  skip: "Skip to the page",

  // The shell
  nav: { home: "Home", queue: "Queue", search: "Search", paste: "Paste an article", explore: "GraphQL" },
  navigation: "Main",
  searchHint: "Search claims, sources, agents, questions",
  theme: { label: "Colours", system: "As the system", light: "Light", dark: "Dark" },
  researcher: (name: string) => `Signed in as ${name}`,

  // Reading and writing
  waiting: "Asking …",
  tryAgain: "Try again",
  offline: "The server cannot be reached. What you see may be old; nothing you wrote is lost.",
  notSaved: "The server could not be reached, and nothing was recorded. Your words are kept here.",
  dismiss: "Dismiss",
  close: "Close",
  cancel: "Cancel",
  more: "Show more",

  // What is not there
  notFound: {
    title: "There is nothing here",
    words: "The address names no page, or nothing that is recorded. Perhaps a letter got lost on the way.",
    home: "Go home",
  },
  broken: {
    title: "The page stumbled",
    words: "This is a bug in the workbench. What you recorded is safe on the server.",
    again: "Load the page again",
  },

  // Shortcuts
  shortcuts: {
    title: "Shortcuts",
    show: "Show the shortcuts",
    everywhere: "Everywhere",
    here: "On this page",
    search: "Search",
    home: "Go home",
    queue: "Go to the queue",
    paste: "Paste an article",
    after: "then",
  },

  // Home
  home: {
    title: "Who said so?",
    events: "Events",
    noEvents: "Nothing is recorded yet",
    noEventsWords:
      "Begin with an article: paste its text, mark the words that claim something, and say whom they are attributed to. Sayso counts the independent lines.",
    sources: "Sources, newest first",
    noSources: "No source is recorded yet.",
    allSources: "All sources",
    noQuestions: "Nothing is asked about it yet.",
  },

  // Words of the domain
  status: {
    UNCORROBORATED: "Uncorroborated",
    CORROBORATED: "Corroborated",
    DISPUTED: "Disputed",
    CONTRADICTED: "Contradicted",
    OUTDATED: "Outdated",
    RETRACTED: "Retracted",
  } satisfies Record<CorroborationStatus, string>,
  reports: (n: number) => count(n, "report", "reports"),
  lines: (n: number) => count(n, "independent line", "independent lines"),
  claims: (n: number) => count(n, "claim", "claims"),
  reportsAndLines: (reports: number, lines: number, exact = true) =>
    `${count(reports, "report", "reports")}, ${exact ? "" : "at least "}${count(lines, "independent line", "independent lines")}`,
  forAgainst: (linesFor: number, linesAgainst: number) => `${linesFor} for, ${linesAgainst} against`,
  disagreed: "Researchers differ",
  unknownPublisher: "Unknown publisher",
  nobodyNamed: "Nobody named",
  undated: "Undated",
} as const;
