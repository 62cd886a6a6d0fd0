// How many independent lines an answer really has: the roads of its reports, one drawing a line.
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { AnswerLines, AnswerRoads, MoreAgainst, MoreJudged } from "#generated/documents.ts";
import type {
  AnswerLinesQuery,
  AnswerRoadsQuery,
  MoreAgainstQuery,
  MoreJudgedQuery,
  PartyNameFragment,
} from "#generated/types.ts";
import { useEvery } from "../data/every.ts";
import { Answer, useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { PartyName } from "../parts/facts.tsx";
import { useCut, useGoingOn } from "../parts/going-on.ts";
import { keyOf } from "../parts/party.ts";
import { Rows } from "../parts/rows.tsx";
import { RuleLink } from "../parts/rule-link.tsx";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import styles from "./lines.module.css";
import { RoadGraph } from "./road-graph.tsx";
import { type Bundle, bundleRoads, keepOrder } from "./roads.ts";

type Claim = NonNullable<AnswerLinesQuery["claim"]>;
type Corroboration = Claim["corroboration"];

const BUNDLES = 6;
const WEAKEST = 12;

export function Lines({ claim }: { claim: string }): ReactNode {
  const reading = useRead(AnswerLines, { id: claim }, { live: true });
  // Until the next answer's lines are there those of the last one stay, so that nothing below them jumps.
  const last = useRef(reading.data);
  if (reading.data !== undefined) last.current = reading.data;
  const data = reading.error === undefined ? last.current : reading.data;
  return (
    <section className={styles.lines} aria-label={say.question.lines} aria-busy={reading.waiting}>
      <Answer reading={{ ...reading, data }}>
        {({ claim: found }) =>
          found !== null && (
            <>
              <Figures corroboration={found.corroboration} />
              <Verdict claim={found} />
              <Roads key={found.id} claim={found} />
            </>
          )
        }
      </Answer>
    </section>
  );
}

function Figures({
  corroboration: { reportsFor, linesFor, linesExact },
}: {
  corroboration: Corroboration;
}): ReactNode {
  return <p className={styles.figures}>{say.reportsAndLines(reportsFor, linesFor, linesExact)}</p>;
}

function Verdict({ claim }: { claim: Claim }): ReactNode {
  const { most, show, refAt } = useCut(WEAKEST);
  const { corroboration } = claim;
  const { weakestLinks } = corroboration;
  return (
    <div className={styles.verdict}>
      <p>
        <StatusMark status={corroboration.status} /> <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>
      </p>
      <p className={styles.muted}>{corroboration.explanation}</p>
      {weakestLinks.length > 0 && (
        <div>
          <h2>{say.claim.weakest}</h2>
          <ul>
            {weakestLinks.slice(0, most).map((party, index) => (
              <li key={keyOf(party)} ref={refAt(index)}>
                <span className={styles.weak} aria-hidden="true" /> <PartyName party={party} />
              </li>
            ))}
          </ul>
          {weakestLinks.length > most && (
            <Button look="quiet" onClick={() => show(most, weakestLinks.length - most)}>
              {say.showMore(weakestLinks.length - most)}
            </Button>
          )}
        </div>
      )}
      <Against claim={claim} />
      <Judged claim={claim} />
    </div>
  );
}

function Against({ claim: { id, corroboration } }: { claim: Claim }): ReactNode {
  const { against } = corroboration;
  return (
    <div>
      <h2>{say.claim.against}</h2>
      {against.totalCount === 0 && <p className={styles.muted}>{say.claim.nothing}</p>}
      <ul className={styles.against}>
        <Rows
          page={against}
          more={{ document: MoreAgainst, variables: { id }, pick: pickAgainst }}
          keyOf={({ claim, source }, index) => claim?.id ?? source?.id ?? String(index)}
        >
          {({ claim, source, chain }) => (
            <>
              {claim !== null && <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>}
              {claim === null && source !== null && <Link to={`/sources/${source.id}`}>{source.title}</Link>}{" "}
              <span className={styles.muted}>
                {chain.length === 0 ? say.claim.noChain : chain.map(nameOf).join(" → ")}
              </span>
            </>
          )}
        </Rows>
      </ul>
    </div>
  );
}

const pickAgainst = (data: MoreAgainstQuery) => data.claim?.corroboration.evidence;

/** Who judged the answer, and who of them differ. */
function Judged({ claim }: { claim: Claim }): ReactNode {
  const { assessments, corroboration } = claim;
  const { record } = useRights();
  return (
    <div>
      <h2>{say.claim.assessments}</h2>
      {assessments.totalCount === 0 && <p className={styles.muted}>{say.claim.noAssessments}</p>}
      {corroboration.disagreed && <p className={styles.disagreed}>{say.disagreed}</p>}
      <ul className={styles.against}>
        <Rows
          page={assessments}
          more={{ document: MoreJudged, variables: { id: claim.id }, pick: pickJudged }}
          keyOf={({ id }) => id}
        >
          {({ recordedBy, stance, rationale, evidenceClaim, evidenceSource }) => (
            <>
              <strong>{recordedBy.name}</strong>, {say.stance[stance]}:{" "}
              {evidenceClaim?.statement ?? evidenceSource?.title}{" "}
              <span className={styles.muted}>{rationale}</span>
            </>
          )}
        </Rows>
      </ul>
      {record && (
        <p>
          <Link to={`/claims/${claim.id}`}>{say.question.judge}</Link>
        </p>
      )}
    </div>
  );
}

const pickJudged = (data: MoreJudgedQuery) => data.claim?.assessments;

type Chain = readonly PartyNameFragment[];

/** The first roads; and all of them, drawn as they come, once that is asked for. */
function Roads({ claim: { id, corroboration } }: { claim: Claim }): ReactNode {
  const [all, setAll] = useState(false);
  const { ask, waiting } = useGoingOn();
  const { totalCount, edges } = corroboration.for;
  const { nodes, complete } = useEvery(AnswerRoads, id, pickRoads, { pause: !all });
  const chains = useMemo(
    () => (nodes.length < edges.length ? edges.map(({ node }) => node) : nodes).map(({ chain }) => chain),
    [nodes, edges],
  );
  return (
    <Drawings corroboration={corroboration} chains={chains}>
      {all ? (
        <span role="status" ref={waiting}>
          {!complete && say.question.drawing(chains.length, totalCount)}
        </span>
      ) : (
        totalCount > edges.length && (
          <>
            {say.question.drawn(edges.length, totalCount)}{" "}
            <Button
              look="quiet"
              onClick={() => {
                ask();
                setAll(true);
              }}
            >
              {say.question.drawAll(totalCount)}
            </Button>
          </>
        )
      )}
    </Drawings>
  );
}

const pickRoads = (data: AnswerRoadsQuery) => data.claim?.corroboration.evidence;

function Drawings({
  corroboration,
  chains,
  children,
}: {
  corroboration: Corroboration;
  chains: readonly Chain[];
  /** What there is to say of roads that are not drawn. */
  children: ReactNode;
}): ReactNode {
  const { most, show, refAt } = useCut(BUNDLES);
  const stood = useRef<readonly Bundle["through"][]>([]);
  const { names, bundles, unsaid } = useMemo(() => {
    const read = readRoads(corroboration, chains);
    return { ...read, bundles: keepOrder(read.bundles, stood.current) };
  }, [corroboration, chains]);
  useEffect(() => {
    stood.current = bundles.map(({ through }) => through);
  }, [bundles]);
  return (
    <div className={styles.roads}>
      {bundles.length === 0 && <p className={styles.muted}>{say.question.noRoads}</p>}
      <ol>
        {bundles.slice(0, most).map((bundle, index) => (
          <li key={bundle.through ?? ""} ref={refAt(index)} className={styles.bundle}>
            <p>
              {bundle.through === null ? say.question.strays : <strong>{say.line(index + 1)}</strong>}{" "}
              <span className={styles.muted}>
                {say.claims(bundle.roads.length)}
                {bundle.through !== null && bundle.roads.length > 1 && (
                  <>
                    {", "}
                    {say.question.through(names.get(bundle.through) ?? "")}
                  </>
                )}
              </span>
            </p>
            <RoadGraph bundle={bundle} names={names} />
          </li>
        ))}
      </ol>
      {bundles.length > most && (
        <Button look="quiet" onClick={() => show(most, 4 * BUNDLES)}>
          {say.moreLines(bundles.length - most)}
        </Button>
      )}
      <p className={styles.legend}>
        {bundles.length > 0 && say.question.legend} {unsaid > 0 && say.question.unsaid(unsaid)} {children}{" "}
        <RuleLink />
      </p>
    </div>
  );
}

interface Read {
  readonly names: ReadonlyMap<string, string>;
  readonly bundles: readonly Bundle[];
  readonly unsaid: number;
}

function readRoads({ weakestLinks, lines }: Corroboration, chains: readonly Chain[]): Read {
  const parties = [...chains, ...lines.map((line) => line.parties), weakestLinks].flat();
  return {
    names: new Map(parties.map((party) => [keyOf(party), nameOf(party)])),
    bundles: bundleRoads(
      chains.map((chain) => chain.map(keyOf)),
      weakestLinks.map(keyOf),
      lines.map((line) => line.parties.map(keyOf)),
    ),
    unsaid: chains.filter((chain) => chain.length === 0).length,
  };
}

function nameOf(party: PartyNameFragment): string {
  return party.__typename === "Agent" ? party.name : `${say.unknownPublisher}: ${party.source.title}`;
}
