// What the API says of one part of an input, in the page's words. Pure.
import { say } from "../strings.ts";

export interface Problem {
  /** Of the input: ["quantity", "lower"]. */
  readonly path: readonly string[];
  /** Of that part, without a name for it: "is blank"; or a sentence. */
  readonly message: string;
}

/** With the label of its field in front. */
export function tellAt(label: string, message: string): string {
  return label === "" || isSentence(message) ? message : say.problem.at(label, message);
}

/** Where there is no field for it: what it concerns is named in its stead. */
export function tell({ path, message }: Problem): string {
  if (path.length === 0 || isSentence(message)) return message;
  return say.problem.of(path, message);
}

function isSentence(message: string): boolean {
  return /^\p{Lu}/u.test(message);
}
