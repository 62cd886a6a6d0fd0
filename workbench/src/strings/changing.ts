// Changing a record, and who sees it.
import { count, numbers } from "./count.ts";

export const changing = {
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

  // What outsiders do not see
  restricted: {
    label: "Restricted",
    claimHint: "Who only reads sees nothing of it. Its lines are counted all the same.",
    sourceHint: "Who only reads sees nothing of it, of its versions and reprints, and of their claims.",
    hidden: "Who only reads sees nothing of it.",
    bySource: "Who only reads sees nothing of it: its source is restricted.",
    byOther: "Who only reads sees nothing of it: what it reprints or revises is restricted.",
  },

  // What is wrong with what was sent
  problem: {
    at: (label: string, message: string) => `${label}: ${message}`,
    of: (path: readonly string[], message: string) => {
      const noun: Readonly<Record<string, string>> = {
        claim: "The claim",
        source: "The source",
        agent: "The agent",
        event: "The event",
        question: "The question",
        assessment: "The assessment",
        into: "The other",
      };
      const named = path.length === 1 ? noun[path[0] ?? ""] : undefined;
      const words = path.map((name) => (/^\d+$/.test(name) ? String(Number(name) + 1) : name)).join(" ");
      return named === undefined ? `${words}: ${message}.` : `${named} ${message}.`;
    },
    marked: "Nothing was recorded: what is wrong stands at its field.",
    none: "Nothing was recorded.",
  },

  // Names of protected agents, in words that outsiders would read
  named: {
    here: "A name that is protected stands here:",
    refused: (n: number) =>
      `Nothing was recorded: who only reads would read a protected name, in ${count(n, "place", "places")}.`,
    reword: "Leave it out, or write the pseudonym in its place.",
    rewordOrRestrict: "Leave it out, write the pseudonym in its place, or have it restricted.",
    rewordOrAsk: "Leave it out, write the pseudonym in its place, or ask an editor to restrict the claim.",
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
} as const;
