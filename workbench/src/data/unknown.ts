// Who asks is not known to the server: nothing is answered, and nothing written.
import type { CombinedError } from "urql";

const CODES: ReadonlySet<unknown> = new Set(["NOT_AUTHENTICATED", "TOO_MANY_ATTEMPTS"]);

/** Whether that is why nothing came of it; it was asked too often, perhaps. */
export function isUnknown(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some(({ extensions }) => CODES.has(extensions.code)) === true;
}
