// Every word the page shows. A translation is another file of this shape; numbers and dates go through Intl.
import type {
  AgentKind,
  Basis,
  Channel,
  CorroborationStatus,
  Mode,
  Polarity,
  SourceKind,
} from "#generated/types.ts";

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
  against: (lines: number) => `${count(lines, "independent line", "independent lines")} against`,
  disagreed: "Researchers differ",
  unknownPublisher: "Unknown publisher",
  nobodyNamed: "Nobody named",
  undated: "Undated",
  and: "and",
  suggestions: "Suggestions",
  basis: {
    ATTRIBUTED: "Attributed",
    FIRSTHAND: "First hand",
    UNATTRIBUTED: "Unattributed",
  } satisfies Record<Basis, string>,
  polarity: { ASSERTS: "Asserts", DENIES: "Denies" } satisfies Record<Polarity, string>,
  mode: { DIRECT: "Quoted", INDIRECT: "Paraphrased", MIXED: "Both" } satisfies Record<Mode, string>,
  channel: {
    UNSTATED: "Not stated",
    STATEMENT: "Statement",
    POST: "Post",
    INTERVIEW: "Interview",
    PRESS_CONFERENCE: "Press conference",
    BROADCAST: "Broadcast",
    DOCUMENT: "Document",
  } satisfies Record<Channel, string>,
  bounds: {
    between: (lower: string, upper: string) => `${lower} to ${upper}`,
    atLeast: (lower: string) => `${lower} or more`,
    moreThan: (lower: string) => `more than ${lower}`,
    atMost: (upper: string) => `${upper} or fewer`,
    lessThan: (upper: string) => `less than ${upper}`,
    any: "any number",
  },

  // A source
  source: {
    title: "Source",
    version: "A later version of this text stands:",
    earlier: "It revises an earlier version:",
    reprints: "It reprints",
    read: "Read it where it was published",
    claims: "Claims",
    noClaims: "No claim is marked in it yet",
    noClaimsWords:
      "Select the words that claim something, or press s to go from sentence to sentence, and then c. You will say who said so, and what it answers.",
    noText: "Its text is not stored; these are the words that were recorded.",
    noTextNoClaims: "Its text is not stored. Press c to record words that stand in it.",
    orphaned: "Orphaned: the words no longer stand in the newest version of the text.",
    moved: "The words stand elsewhere in the newest version of the text.",
    mark: "Mark as a claim",
    nextSentence: "Next sentence that may claim something",
    previousSentence: "Sentence before",
    nextClaim: "Next claim",
    previousClaim: "Claim before",
    openClaim: "Open the claim",
    article: "Text of the source",
    overlapping: (n: number) => count(n, "claim stands here", "claims stand here"),
    published: (text: string) => `Published ${text}`,
    claimsBefore: "From the version before",
  },

  // Recording a claim
  record: {
    title: "Record a claim",
    draft: "A draft of yours, kept in this browser.",
    discard: "Discard the draft",
    quote: "Quote",
    quoteHint: "Word for word, errors included.",
    quoteAbsent: "These words do not stand in the text.",
    quoteTwice: (n: number) => `They stand in the text ${n} times. Which is it?`,
    quotePlace: (n: number) => `Place ${n}`,
    candidates: "Nearest passages:",
    statement: "Statement",
    statementHint: "What is claimed, in plain words.",
    question: "Question",
    questionHint: "What it answers, so that it can be compared. It can be left out.",
    questionPlaceholder: "Search questions",
    questionNew: (text: string) => `Ask “${text}”`,
    questionRemove: "Remove the question",
    questionKind: {
      QUANTITY: "How many",
      YES_NO: "Yes or no",
      OPEN: "Open",
    },
    kind: "Kind of question",
    quantity: "Quantity",
    understood: "Understood as",
    notUnderstood: "No figure can be read in these words. Give bounds, or other words.",
    suggested: "In the quote:",
    boundsLabel: "Give bounds by hand",
    lower: "Lowest",
    upper: "Highest",
    polarity: "Says yes or no",
    basis: "On whose say-so",
    basisHint: {
      ATTRIBUTED: "The source says who said so.",
      FIRSTHAND: "The publisher saw it, or is the speaker.",
      UNATTRIBUTED: "The source does not say how it knows. A report, never a line.",
    } satisfies Record<Basis, string>,
    hops: "Whom it passed through, origin first",
    hop: (n: number) => (n === 1 ? "Origin" : `Hop ${n}`),
    speaker: "Speaker",
    speakerPlaceholder: "Search people, governments, agencies",
    speakerNew: (name: string) => `Record “${name}”`,
    speakerRemove: (name: string) => `Remove ${name}`,
    addHop: "Passed on by another",
    hopUp: "Move towards the origin",
    hopDown: "Move towards the publisher",
    hopRemove: "Remove this hop",
    cue: "Cue",
    cueHint: "The words of saying, as they stand.",
    mode: "Given as",
    channel: "Channel",
    asserted: "When it was said",
    assertedHint: "2019, 2019-12, 2019-12-31, or a time with its offset. Empty: as the source was published.",
    note: "Note",
    more: "When, and a note",
    save: "Record",
    saved: "Recorded.",
    undo: "Undo",
    undone: "Withdrawn again.",
    undoReason: "Recorded by mistake: taken back at once.",
    noSpeaker: "Name who said so, or choose another basis.",
    agentKind: "What is it?",
    agentTitle: "Record an agent",
    agentName: "Name",
  },
  sourceKind: {
    ARTICLE: "Article",
    STATEMENT: "Statement",
    POST: "Post",
    BROADCAST: "Broadcast",
    INTERVIEW: "Interview",
    REPORT: "Report",
    VIDEO: "Video",
    IMAGE: "Image",
    DATASET: "Dataset",
  } satisfies Record<SourceKind, string>,
  agentKind: {
    PERSON: "Person",
    ORGANIZATION: "Organization",
    GOVERNMENT: "Government",
    ARMED_GROUP: "Armed group",
    OUTLET: "Outlet",
    AGENCY: "News agency",
    ACCOUNT: "Account",
    UNNAMED: "Unnamed",
  } satisfies Record<AgentKind, string>,
} as const;
