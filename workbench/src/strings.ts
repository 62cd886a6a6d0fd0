// Every word the page shows. A translation is another file of this shape; numbers and dates go through Intl.
import type {
  AgentKind,
  Basis,
  Channel,
  CorroborationStatus,
  Modality,
  Mode,
  Polarity,
  QuestionKind,
  Role,
  SourceKind,
  Stance,
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
  role: {
    READER: "Reader",
    RESEARCHER: "Researcher",
    EDITOR: "Editor",
    ADMIN: "Administrator",
  } satisfies Record<Role, string>,
  roleWords: {
    READER: "You can read all that is recorded.",
    RESEARCHER: "You can record and judge, and withdraw what you recorded.",
    EDITOR: "You can record, judge, amend, retract and merge, and withdraw what anybody recorded.",
    ADMIN: "You can do all that editors can, and manage accounts.",
  } satisfies Record<Role, string>,
  signOut: "Sign out",
  notSignedOut: "The server could not be reached: you are still signed in.",

  signIn: "Sign in",
  signInFirst: "Sign in to go on. What you wrote is kept here.",

  // Who may only read
  readers: {
    title: "You can read here, and not record",
    words: "Recording takes the role of a researcher. Whoever runs this Sayso can give it to you.",
  },

  // A page that was not fetched
  unreached: {
    title: "The page could not be loaded",
    words:
      "The server cannot be reached. Nothing you wrote is lost; the page comes once there is a connection.",
    still: "The server cannot be reached yet.",
  },

  // Reading and writing
  waiting: "Asking …",
  tryAgain: "Try again",
  offline: "The server cannot be reached. What you see may be old; nothing you wrote is lost.",
  notSaved: "The server could not be reached, and nothing was recorded. Your words are kept here.",
  notPermitted:
    "Nothing was recorded: you are not signed in any more, or may not do this by now. Your words are kept here.",
  signInBeside: "Sign in in another window, and send it again",
  dismiss: "Dismiss",
  close: "Close",
  cancel: "Cancel",
  more: "Show more",
  copyLink: "Copy the link",
  linkCopied: "Link copied.",

  // What others record meanwhile
  live: {
    state: {
      opening: (_seconds: number) => "Connecting",
      live: (_seconds: number) => "Live",
      down: (seconds: number) => `Asked again every ${numbers.format(seconds)} seconds`,
    },
    words: {
      opening: (_seconds: number) => "A live connection is on its way.",
      live: (_seconds: number) => "What others record shows here at once.",
      down: (seconds: number) =>
        `There is no live connection. The page asks every ${numbers.format(seconds)} seconds, and tries to connect again.`,
    },
  },

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
    showTyping: "Show them while you type",
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
    pasteOne: "Press g and then p to paste one.",
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

  // Recording a claim
  record: {
    title: "Record a claim",
    draft: "A draft of yours, kept in this browser.",
    discard: "Discard the draft",
    quote: "Quote",
    place: "Place in the text",
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
    lowerIncluded: "The lowest is meant too",
    upperIncluded: "The highest is meant too",
    modality: "Said as",
    modalities: {
      "": "As the words or bounds have it",
      EXACT: "Exactly",
      AT_LEAST: "At least",
      AT_MOST: "At most",
      APPROXIMATE: "About",
      BETWEEN: "Between",
      VAGUE: "Vaguely",
    } satisfies Record<Modality | "", string>,
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
    choose: "Choose of what is found, and take it by Enter",
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
    more: "When, a note, and who sees it",
    save: "Record",
    saved: "Recorded.",
    undo: "Undo",
    undone: "Withdrawn again.",
    sending: "Being recorded …",
    leaving: "Being taken back …",
    undoReason: "Recorded by mistake: taken back at once.",
    noSpeaker: "Name who said so, or choose another basis.",
    agentKind: "What is it?",
    agentTitle: "Record an agent",
    agentName: "Name",
  },
  stance: {
    SUPPORTS: "Supports",
    CONTRADICTS: "Contradicts",
    CONTEXT: "Context",
    ABSENT: "Silent on it",
  } satisfies Record<Stance, string>,

  // A claim
  claim: {
    facts: "About the claim",
    chain: "Whom it passed through",
    weakest: "Who would all have to be wrong",
    recorded: "Recorded",
    by: (name: string, day: string) => `by ${name}, ${day}`,
    asPublished: "Not said; as its source was published",
    for: "For it",
    against: "Against it",
    nothing: "Nothing recorded does.",
    itself: "This claim itself",
    noChain: "Does not say how it knows: a report, no line",
    moreEvidence: (n: number) => `and ${numbers.format(n)} more`,
    showMore: (n: number) => `Show ${numbers.format(n)} more`,
    basis: { COMPARISON: "The answers were compared", ASSESSMENT: "A researcher judged so" },
    assess: "Record an assessment",
    recomputed: "Being recomputed …",
    withdrawing: "Being withdrawn …",
    restoring: "Being restored …",
    assessThis: "Judge it",
    assessBy: (title: string) => `Judge it: ${title}`,
    assessed: "Assessment recorded.",
    assessments: "Assessments",
    noAssessments: "Nobody has judged it yet. What stands above follows from comparing answers.",
    evidence: "By what evidence",
    evidenceHint: "Another claim, or a source as a whole.",
    evidencePlaceholder: "Search claims and sources",
    otherEvidence: "Choose other evidence",
    aClaim: "Claim",
    aSource: "Source",
    stance: "What it says of the claim",
    stanceHint: {
      SUPPORTS: "It stands for the claim, whatever comparing the answers says.",
      CONTRADICTS: "It stands against the claim, whatever comparing the answers says.",
      CONTEXT: "Worth knowing; counts on neither side.",
      ABSENT: "One would expect it to say so, and it does not. Counts on neither side.",
    } satisfies Record<Stance, string>,
    rationale: "Why",
    rationaleHint: "For whoever reads this in a year.",
    credibility: "Credibility",
    notJudged: "Not judged",
    scale: ["confirmed", "probably true", "possibly true", "doubtful", "improbable", "cannot be judged"],
    takeBack: "Take back",
    takenBack: "Taken back:",
    statusHistory: "Status",
    history: "History",
    revision: { INSERT: "Recorded", UPDATE: "Changed", DELETE: "Removed" },
    table: (name: string) => name.replaceAll("_", " "),
    pastTheApi: "Past the API",
    reason: "Reason",
    withdraw: "Withdraw",
    withdrawWords:
      "For what was recorded by mistake. It counts nowhere, is hidden unless asked for, and can be restored. If its source took it back, that is a retraction.",
    withdrawn: (name: string, day: string) => `Withdrawn by ${name}, ${day}:`,
    withdrawnNow: "Withdrawn.",
    restore: "Restore",
    restored: "Restored.",
    retract: "Retract",
    retractWords:
      "For what its source took back, in a correction or a new version. The claim stays, and counts no more. This cannot be undone here.",
    retractedWhen: "When it took it back",
    retractedUrl: "Where it says so",
    retractedNow: "Retracted.",
    retracted: (text: string) => `Its source took it back, ${text}:`,
    cite: "Cite",
    format: "Format",
    formats: { text: "Text", bibtex: "BibTeX", csl: "CSL JSON", jsonld: "JSON-LD" },
    citation: "Citation",
    copy: "Copy",
    copied: "Copied.",
    openSource: "Open in its source",
  },

  // What outsiders do not see
  restricted: {
    label: "Restricted",
    claimHint: "Who only reads sees nothing of it. Its lines are counted all the same.",
    sourceHint: "Who only reads sees nothing of it, of its versions and reprints, and of their claims.",
    hidden: "Who only reads sees nothing of it.",
    bySource: "Who only reads sees nothing of it: its source is restricted.",
    byOther: "Who only reads sees nothing of it: what it reprints or revises is restricted.",
  },

  // Names of protected agents, in words that outsiders would read
  named: {
    here: "A name that is protected stands here:",
    refused: (n: number) =>
      `Nothing was recorded: who only reads would read a protected name, in ${count(n, "place", "places")}.`,
    reword: "Leave it out, or write the pseudonym in its place.",
    rewordOrRestrict: "Leave it out, write the pseudonym in its place, or have it restricted.",
    restrict: "Restrict it",
    restrictClaim: "Restrict the claim",
    restrictReason: "What is said of it names somebody protected.",
    chosen: "Who only reads will see nothing of it. Send it again.",
    row: (type: string) =>
      ({
        source: "A source",
        claim: "A claim",
        agent: "An agent",
        event: "An event",
        question: "A question",
        assessment: "An assessment",
      })[type] ?? type,
    field: (path: readonly string[]) => `in its ${path.filter((name) => !/^\d+$/.test(name)).join(", ")}`,
  },

  // Where names of an agent stand that is to be protected
  standing: {
    places: (n: number) =>
      n === 0
        ? "Who only reads will find its names nowhere else"
        : `Who only reads would still find its names in ${count(n, "place", "places")}`,
    words: "The pseudonym does not stand there: the words are as somebody recorded them.",
    left: "These stay as they are: amend them by hand.",
    restrict: "Restrict those sources and claims",
    restrictHint:
      "Who only reads sees nothing of them. What names it in agents, events and questions is amended by hand.",
    restricted: (n: number) => `${numbers.format(n)} would be restricted`,
    look: "Show what would be restricted",
    unprotect:
      "Sources and claims that were restricted for its names stay so: each can be amended on its own page.",
    stay: (n: number) =>
      `As it was before. ${count(n, "source or claim stays", "sources and claims stay")} restricted.`,
    lookAt: "Look at them",
    still: "Still restricted",
    stillWords:
      "These were restricted when the agent was protected. Who only reads sees nothing of them until that is lifted.",
    none: "None of them is restricted any more.",
    lift: "Lift these restrictions",
    liftReason: "The protection that it was restricted for was taken back.",
    lifted: (n: number) => `${count(n, "is", "are")} not restricted any more.`,
  },

  // Changing a record
  amend: {
    title: "Amend",
    save: "Save the change",
    done: "Amended.",
    nothing: "Nothing was changed.",
    undone: "As it was before.",
    undoReason: "Taken back at once.",
    stale: "Somebody changed it while you were writing. Nothing was saved yet.",
    theirs: "It says now:",
    yours: "You wrote:",
    keepMine: "Go on with mine",
    takeTheirs: "Take theirs",
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

  // Paste
  paste: {
    text: "Text",
    textHint: "As it was published, word for word. It is kept as it is; a citation can do without.",
    title: "Title",
    url: "Address",
    published: "Published",
    publishedHint: "2019, 2019-12, 2019-12-31, or a time with its offset.",
    publisher: "Publisher",
    byline: "Byline",
    kind: "Kind",
    more: "Reprint, archive, note, and who sees it",
    reprints: "It reprints",
    archive: "Archived at",
    retrieved: "Retrieved",
    retrievedHint: "A time with its offset, 2019-12-31T21:05:00Z.",
    mediaType: "Media type",
    language: "Language",
    known: "Recorded already:",
    open: "Open it",
    save: "Record the source",
  },

  // A later version of a source
  revision: {
    title: "Record a later version",
    of: "Of",
    save: "Record the version",
    notNewest: "A later version is recorded already",
    newest: "Revise that one",
    fits: "What would become of its quotes",
    fit: {
      PRESENT: "Stand as they are",
      MOVED: "Stand elsewhere",
      ORPHANED: "Would be orphaned",
    } satisfies Record<"PRESENT" | "MOVED" | "ORPHANED", string>,
    count: (present: number, moved: number, orphaned: number) =>
      `${count(present, "quote stands", "quotes stand")}, ${numbers.format(moved)} elsewhere, ${count(orphaned, "would be orphaned", "would be orphaned")}.`,
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

  // Two agents are one, or two questions ask the same
  merge: {
    title: "Merge into another",
    agentWords: (name: string) =>
      `“${name}” and another agent are one. From then on it stands for the other, in all that is recorded.`,
    questionWords: (text: string) =>
      `“${text}” and another question ask the same. From then on the claims on both are compared.`,
    other: "The other",
    preview: "Show what would change",
    save: "Merge",
    done: (name: string, into: string) => `${name} stands for ${into} now.`,
    changes: (n: number) =>
      n === 0 ? "No figure would change" : `${count(n, "claim", "claims")} would change`,
    into: "Merged into",
    unmerge: "They are two after all",
    unmergeReason: "They are two after all.",
    unmerged: "They are two again.",
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

  // A question
  question: {
    origins: (n: number) => count(n, "origin", "origins"),
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
    moreLines: (n: number) => `Show ${count(n, "more line", "more lines")}`,
    lines: "Who stands behind the answer",
    line: (n: number) => `Line ${numbers.format(n)}`,
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
