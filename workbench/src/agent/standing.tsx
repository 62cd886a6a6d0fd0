// Where names of an agent stand for outsiders to read: shown before it is protected, with a way to restrict it.
import type { ReactNode } from "react";
import { NamedRows } from "#generated/documents.ts";
import type { StandingPartsFragment } from "#generated/types.ts";
import { useRead } from "../data/read.tsx";
import { Check } from "../parts/field.tsx";
import { PlaceLink } from "../parts/problem.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

/** What was found by a dry run, for the changes it was asked about. */
export interface Looked {
  readonly about: string;
  readonly restrict: boolean;
  readonly standing: StandingPartsFragment | null;
}

/** Whether outsiders would read a name anywhere, or there is something to be restricted for it. */
export function isFound(standing: StandingPartsFragment | null): boolean {
  return standing !== null && standing.total + standing.restrictedNodes.totalCount > 0;
}

export function StandingPreview({
  standing,
  restrict,
  onRestrict,
}: {
  standing: StandingPartsFragment;
  /** The sources and claims are to be restricted. */
  restrict: boolean;
  onRestrict: (restrict: boolean) => void;
}): ReactNode {
  const { total, places, restrictedNodes } = standing;
  const { totalCount, edges } = restrictedNodes;
  const titles = useTitles(places);
  return (
    <section role="status" className={styles.standing}>
      <h3>{say.standing.places(total)}</h3>
      {total > 0 && <p>{restrict ? say.standing.left : say.standing.words}</p>}
      <ul>
        {places.map((place) => (
          <li key={`${place.row} ${place.path.join(".")} ${place.start}`}>
            <PlaceLink place={place} title={titles.get(place.row ?? "")} />
          </li>
        ))}
      </ul>
      {total > places.length && <p>{say.andMore(total - places.length)}</p>}
      {totalCount > 0 && (
        <>
          <h3>{say.standing.restricted(totalCount)}</h3>
          <ul>
            {edges.map(({ node }) => (
              <li key={node.id}>
                <PlaceLink
                  place={{ row: node.id, path: [], start: 0, end: 0 }}
                  title={node.__typename === "Claim" ? node.statement : node.title}
                />
              </li>
            ))}
          </ul>
          {totalCount > edges.length && <p>{say.andMore(totalCount - edges.length)}</p>}
        </>
      )}
      <Check
        label={say.standing.restrict}
        hint={say.standing.restrictHint}
        checked={restrict}
        onChange={onRestrict}
      />
    </section>
  );
}

/** What each row is called, by its id. */
function useTitles(places: StandingPartsFragment["places"]): ReadonlyMap<string, string> {
  const ids = [...new Set(places.flatMap(({ row }) => (row === null ? [] : [row])))];
  const { data } = useRead(NamedRows, { ids }, { pause: ids.length === 0 });
  const titles = new Map<string, string>();
  for (const node of data?.nodes ?? []) {
    if (node === null) continue;
    if (node.__typename === "Source" || node.__typename === "Event") titles.set(node.id, node.title);
    else if (node.__typename === "Claim") titles.set(node.id, node.statement);
    else if (node.__typename === "Question") titles.set(node.id, node.text);
    else if (node.__typename === "Agent") titles.set(node.id, node.name);
  }
  return titles;
}
