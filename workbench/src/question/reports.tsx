// Who reported an answer: asked for when it is opened, some at a time.
import { type ReactNode, type RefCallback, useState } from "react";
import { Link } from "react-router";
import { AnswerReports } from "#generated/documents.ts";
import { Answer, useRead } from "../data/read.tsx";
import { Button } from "../parts/button.tsx";
import { useGoingOn } from "../parts/going-on.ts";
import { say } from "../strings.ts";
import type { Position } from "./answers.ts";
import styles from "./chart.module.css";

const REPORTS = 25;

export function Reports({ positions }: { positions: readonly Position[] }): ReactNode {
  const [pages, setPages] = useState(1);
  const { ask, came } = useGoingOn();
  const shown = Math.min(pages * REPORTS, positions.length);
  return (
    <>
      {Array.from({ length: pages }, (_, page) => page).map((page) => (
        <ReportPage
          key={page}
          came={page === 0 ? undefined : came}
          positions={positions.slice(page * REPORTS, (page + 1) * REPORTS)}
        />
      ))}
      {shown < positions.length && (
        <Button
          look="quiet"
          onClick={() => {
            ask();
            setPages(pages + 1);
          }}
        >
          {say.question.moreClaims(positions.length - shown)}
        </Button>
      )}
    </>
  );
}

function ReportPage({
  positions,
  came,
}: {
  positions: readonly Position[];
  came: RefCallback<HTMLElement> | undefined;
}): ReactNode {
  const reading = useRead(AnswerReports, { ids: positions.map(({ claim }) => claim.id) }, { live: true });
  return (
    <Answer reading={reading}>
      {({ nodes }) => (
        <ul className={styles.reports}>
          {nodes.map(
            (claim, index) =>
              claim?.__typename === "Claim" && (
                <li key={claim.id} ref={index === 0 ? came : undefined}>
                  <span className={styles.publisher}>
                    {claim.source.publisher === null ? (
                      say.unknownPublisher
                    ) : (
                      <Link to={`/agents/${claim.source.publisher.id}`}>{claim.source.publisher.name}</Link>
                    )}
                  </span>
                  <q dir="auto" lang={claim.source.language ?? undefined}>
                    <Link to={`/claims/${claim.id}`}>{claim.quote.exact}</Link>
                  </q>
                  <span className={styles.aside}>
                    <Link to={`/sources/${claim.source.id}?claim=${claim.id}`}>{claim.source.title}</Link>
                    {" · "}
                    {claim.source.published?.text ?? say.undated}
                  </span>
                </li>
              ),
          )}
        </ul>
      )}
    </Answer>
  );
}
