// What stands around every page, and what is told in place of one.
import type { Role } from "#generated/types.ts";
import { numbers } from "./count.ts";

export const shell = {
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
  signInFirst: "Sign in to go on.",

  // Who may only read
  readers: {
    title: "You can read here, and not record",
    words: "Recording takes the role of a researcher. Whoever runs this Sayso can give it to you.",
  },

  // Who may less than when the page was opened
  lost: {
    name: "You are not signed in any more: the token was withdrawn, or has expired.",
    role: (role: string) => `Your role is ${role} now, which may less than before.`,
    kept: "What you wrote is kept here.",
    form: "What you write is kept here; it can be recorded once you have the right to it again.",
    refused: "Nothing was recorded, and your words are kept here.",
    again: "You have the right to it again: send it once more.",
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
  unheard: (message: string) => `What you sent before you left its form: ${message}`,
  notPermitted:
    "Nothing was recorded: you are not signed in any more, or may not do this by now. Your words are kept here.",
  sentBefore:
    "This draft was recorded before, in other words: from another window, or its answer was lost. Nothing was recorded now. Send it once more to record this too.",
  signInBeside: "Sign in in another window",
  unseen: "You may not read this any more. It stays until you close the form: what you wrote is kept.",
  dismiss: "Dismiss",
  close: "Close",
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
    leave: "None of these",
  },
} as const;
