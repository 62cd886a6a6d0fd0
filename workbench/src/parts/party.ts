// Who a party is: an agent, or the unknown publisher of a source.
import type { PartyNameFragment } from "#generated/types.ts";

export function keyOf(party: PartyNameFragment): string {
  return party.__typename === "Agent" ? party.id : party.source.id;
}
