// Pages that show what is recorded.
import { count } from "./count.ts";

export const pages = {
  // Home
  home: {
    title: "Who said so?",
    lead: "What news claims, on whose word, whom it passed through, and how many of those who say so know it independently.",
    events: "Events",
    noEvents: "Nothing is recorded yet",
    noEventsWords:
      "Begin with an article: paste its text, mark the words that claim something, and say whom they are attributed to. Sayso counts the independent lines.",
    sources: "Sources, newest first",
    noSources: "No source is recorded yet.",
    pasteOne: "Press g and then p to paste one.",
    noQuestions: "Nothing is asked about it yet.",
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
      "Select the words that claim something, or press s to go from sentence to sentence and w from word to word, and then c. You will say who said so, and what it answers.",
    noText: "Its text is not stored; these are the words that were recorded.",
    noTextNoClaims: "Its text is not stored. Press c to record words that stand in it.",
    orphaned: "Orphaned: the words no longer stand in the newest version of the text.",
    moved: "The words stand elsewhere in the newest version of the text.",
    mark: "Mark as a claim",
    nextSentence: "Select the next sentence",
    previousSentence: "Sentence before",
    nextWord: "Next word; of a sentence its first",
    previousWord: "Word before",
    moreWords: "Select a word more, or less by ←",
    moreLetters: "Select a letter more, or less by ←",
    nextClaim: "Next claim",
    previousClaim: "Claim before",
    openClaim: "Open the claim",
    article: "Text of the source",
    published: (text: string) => `Published ${text}`,
    revise: "Record a later version",
    textHint: "This citation has none yet. Once it is recorded, a changed text is a later version.",
    claimsBefore: "From the version before",
    search: "Search sources",
    another: "Choose another source",
  },

  // Search
  search: {
    title: (text: string) => `“${text}”`,
    what: "What to search",
    types: {
      ALL: "Everything",
      CLAIM: "Claims",
      SOURCE: "Sources",
      AGENT: "Agents",
      QUESTION: "Questions",
      EVENT: "Events",
    },
    kind: { CLAIM: "Claim", QUESTION: "Question", EVENT: "Event" },
    empty: "Search everything that is recorded",
    emptyWords:
      "Words of claims and quotes, of sources and their texts, of questions and events; agents by any of their names. Press / from any page.",
    found: (n: number) => count(n, "result", "results"),
    nothing: "Nothing recorded has these words",
    nothingWords: "Try fewer words, or another spelling.",
    first: "Back to the first",
    next: "Show the next",
    nextResult: "Next in the list",
    previousResult: "Before in the list",
  },

  // Queue
  queue: {
    title: "What wants attention",
    kinds: "Kind of attention",
    event: "Event",
    allEvents: "All events",
    kind: {
      uncorroborated: "Uncorroborated",
      disputed: "Disputed",
      disagreed: "Researchers differ",
      orphaned: "Orphaned quotes",
      unasked: "Without a question",
    },
    about: {
      uncorroborated: "One line at most stands for these. Who else says so, independently?",
      disputed: "Other lines stand against these. Do they speak of the same?",
      disagreed: "Researchers judged the same evidence differently.",
      orphaned: "A later version of the source no longer has the words.",
      unasked: "These answer no question, and so are compared with nothing.",
    },
    nothing: "Nothing waits here",
    nothingWords: {
      uncorroborated: "Every claim has a second line, or is disputed.",
      disputed: "No claim has a line against it.",
      disagreed: "Researchers agree on all that they judged.",
      orphaned: "Every quote stands where it was found.",
      unasked: "Every claim answers a question.",
    },
  },

  // An agent
  agent: {
    also: (names: string) => `Also ${names}`,
    countsAs: "Counted as",
    said: "What they said",
    saidNothing:
      "No claim is attributed to them. Mark what they are quoted with in a source, and name them as the speaker.",
    published: "What they published",
    tree: "Part of",
    more: "More about it",
    aliases: "Other names",
    aliasesHint: "One a line.",
    partOf: "Part of",
    description: "Description",
    wikidata: "Wikidata",
    protected: "Protected",
    protectedHint: "Whoever only reads sees the pseudonym in place of the name.",
    pseudonym: "Pseudonym",
  },

  // An event
  event: {
    name: "Event",
    remove: "Remove the event",
    search: "Search events",
    record: "Record an event",
    open: "Open the event",
    title: "Title",
    startsOn: "First day",
    endsOn: "Last day",
    place: "Place",
    latitude: "Latitude",
    longitude: "Longitude",
    description: "Description",
    questions: (n: number) => count(n, "question", "questions"),
    asked: "What is asked about it",
    noQuestionsWords:
      "Mark words in a source, type what they answer, and choose this event for the new question: it will stand here.",
    attention: "Claims that want attention",
    noClaims: "No claim speaks of it yet",
    noClaimsWords:
      "A claim belongs to an event by the question it answers. Open a question, and record a claim for it.",
  },
} as const;
