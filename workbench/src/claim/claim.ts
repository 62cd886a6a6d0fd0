import type { ClaimPageQuery } from "#generated/types.ts";

/** A claim as its page has it. */
export type Claim = NonNullable<ClaimPageQuery["claim"]>;
