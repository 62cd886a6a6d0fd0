// A source: its text with the claims found in it, and a form for the next one.
import {
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useNavigate, useParams } from "react-router";
import { SourceClaims, SourcePage as SourcePageDocument } from "#generated/documents.ts";
import type { ClaimCardFragment, SourceClaimsQuery, SourcePageQuery } from "#generated/types.ts";
import { useAlive } from "../data/alive.ts";
import { hasDraft } from "../data/drafts.ts";
import { useEvery } from "../data/every.ts";
import { useRead } from "../data/read.tsx";
import { useOutlives, useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { AskedNotice, keepAsked } from "../recording/asked.tsx";
import { ClaimForm, draftOf } from "../recording/claim-form.tsx";
import { distinct } from "../recording/matching.ts";
import { useUndo } from "../recording/undo.ts";
import { useAddress } from "../shell/address.ts";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import { Positions } from "../text/codepoints.ts";
import { type Place, sentences, stepWord } from "../text/places.ts";
import { Article, type ArticleHandle } from "./article.tsx";
import { ClaimList, type ListHandle, type SentClaim } from "./claim-list.tsx";
import { SourceHead } from "./head.tsx";
import { firstFrom, orderClaims, placeClaims } from "./marks.ts";
import styles from "./page.module.css";
import { SourceTools } from "./tools.tsx";

type Source = NonNullable<SourcePageQuery["source"]>;

export function SourcePage(): ReactNode {
  const { id = "" } = useParams();
  const reading = useRead(SourcePageDocument, { id });
  return (
    <Found id={id} reading={reading} pick={({ source }) => source}>
      {(source) => (
        <Page title={source.title}>
          <SourceHead source={source} />
          <SourceTools key={`tools ${source.id}`} source={source} />
          <SourceBody key={source.id} source={source} />
        </Page>
      )}
    </Found>
  );
}

const pickClaims = (data: SourceClaimsQuery) => data.source?.claims;
const NO_TEXT = "";

function SourceBody({ source }: { source: Source }): ReactNode {
  const text = source.text ?? NO_TEXT;
  const positions = useMemo(() => new Positions(text), [text]);
  const { claims, marks, complete, add, leaving } = useClaims(source.id, positions);
  const [parameters, setParameters] = useAddress();
  const active = parameters.get("claim") ?? undefined;
  const [selected, setSelected] = useState<Place | undefined>(undefined);
  const [proposed, setProposed] = useState<Place | undefined>(undefined);
  const rights = useRights();
  const [begun, setRecording] = useState(() => hasDraft(draftOf(source.id)));
  const recording = useOutlives(begun, rights.record);
  const [sending, setSending] = useState<string | undefined>(undefined);
  const article = useRef<ArticleHandle>(null);
  const list = useRef<ListHandle>(null);
  // What is being read changes with each line that is scrolled by: nothing is drawn for it.
  const reading = useRef<string>(undefined);
  const read = useCallback((claim: string) => {
    reading.current = claim;
    list.current?.follow(claim);
  }, []);
  const pick = useStable((claim: string) => {
    setParameters(keepAsked(parameters, { claim }), { replace: true, preventScrollReset: true });
    const mark = marks.find(({ id }) => id === claim);
    if (mark !== undefined) article.current?.reveal(mark);
  });
  useFirstReveal(active, marks, article);
  const alive = useAlive();
  // What was selected while the form was there is its own; what is selected after it was sent is not.
  const known = useRef<(Place | undefined)[]>([]);
  const begin = (): void => {
    known.current = [article.current?.selected()];
    setProposed(known.current[0]);
    setRecording(true);
  };
  const send = (statement: string | undefined): void => {
    if (statement !== undefined) known.current.push(article.current?.selected());
    setSending(statement);
  };
  const end = (claim: ClaimCardFragment | undefined): void => {
    setRecording(false);
    setProposed(undefined);
    const now = article.current?.selected();
    const goneOn =
      claim !== undefined && now !== undefined && !known.current.some((place) => isSame(place, now));
    if (!goneOn) window.getSelection()?.removeAllRanges();
    if (claim === undefined) return;
    add(claim);
    if (!goneOn && alive.current) pick(claim.id);
  };
  useReadingKeys({
    claims,
    active,
    reading,
    pick,
    begin,
    text,
    article,
    marking: rights.record && !recording,
  });
  const sent = useMemo<SentClaim | undefined>(
    () =>
      sending === undefined
        ? undefined
        : { statement: sending, before: proposed && firstFrom(marks, proposed.start)?.id },
    [sending, proposed, marks],
  );
  const writing = recording && sending === undefined;

  return (
    <div className={styles.body} data-text={source.text !== null || undefined}>
      {source.text !== null && (
        <Article
          text={text}
          language={source.language}
          marks={marks}
          active={active}
          proposed={recording ? proposed : undefined}
          onPick={pick}
          onSelect={setSelected}
          onMark={rights.record ? begin : undefined}
          onRead={read}
          handle={article}
        />
      )}
      <aside className={styles.aside} data-recording={writing || undefined}>
        {recording && (
          <ClaimForm
            source={source}
            positions={positions}
            place={proposed}
            onPlace={setProposed}
            onSending={send}
            onDone={end}
          />
        )}
        {!writing && (
          <>
            <div className={styles.asideHead}>
              <h2>{say.claims(claims.length)}</h2>
              {rights.record && (
                <Button
                  look={selected === undefined ? "plain" : "main"}
                  keys="c"
                  disabled={sending !== undefined}
                  onClick={begin}
                >
                  {say.record.title}
                </Button>
              )}
            </div>
            <AskedNotice />
            {source.text === null && <p className={styles.muted}>{say.source.noText}</p>}
            {complete && claims.length === 0 && sending === undefined && (
              <Notice title={say.source.noClaims}>
                {rights.record &&
                  (source.text === null ? say.source.noTextNoClaims : say.source.noClaimsWords)}
              </Notice>
            )}
            <ClaimList
              claims={claims}
              active={active}
              sent={sent}
              leaving={leaving}
              onPick={pick}
              quotes={source.text === null}
              handle={list}
            />
            <EarlierClaims source={source} />
          </>
        )}
      </aside>
    </div>
  );
}

/** The claims of a source in the order of its text, those recorded a moment ago among them. */
function useClaims(source: string, positions: Positions) {
  const { nodes, complete } = useEvery(SourceClaims, source, pickClaims);
  const [added, setAdded] = useState<readonly ClaimCardFragment[]>([]);
  const [leaving, setLeaving] = useState<string | undefined>(undefined);
  const toast = useToast();
  const undo = useUndo();
  const found = useMemo(() => distinct([...nodes, ...added]), [nodes, added]);
  const marks = useMemo(() => placeClaims(found, positions), [found, positions]);
  const claims = useMemo(() => orderClaims(found, marks), [found, marks]);
  const takeBack = async (claim: string): Promise<void> => {
    setLeaving(claim);
    if (await undo(claim, () => void takeBack(claim)))
      setAdded((before) => before.filter(({ id }) => id !== claim));
    setLeaving(undefined);
  };
  const add = (claim: ClaimCardFragment): void => {
    setAdded((before) => [...before, claim]);
    toast({
      words: say.record.saved,
      action: { label: say.record.undo, run: () => void takeBack(claim.id) },
    });
  };
  return { claims, marks, complete, add, leaving };
}

function isSame(one: Place | undefined, other: Place): boolean {
  return one?.start === other.start && one.end === other.end;
}

/** One function for as long as the component is shown, that does what the last render's would. */
function useStable<Given extends unknown[]>(run: (...given: Given) => void): (...given: Given) => void {
  const last = useRef(run);
  last.current = run;
  return useCallback((...given) => last.current(...given), []);
}

/** What was found in the version before: it stays there, and is never moved into this text by itself. */
const EarlierClaims = memo(function EarlierClaims({ source }: { source: Source }): ReactNode {
  const claims = (source.revises?.claims.edges ?? []).map(({ node }) => node);
  const navigate = useNavigate();
  if (source.revises === null || claims.length === 0) return null;
  const { id } = source.revises;
  return (
    <section>
      <h2>{say.source.claimsBefore}</h2>
      <ClaimList
        claims={claims}
        onPick={(claim) => navigate(`/sources/${id}?claim=${claim}`)}
        quotes={false}
      />
    </section>
  );
});

/** A claim that the address names is brought into sight once its place is known. */
function useFirstReveal(
  active: string | undefined,
  marks: readonly { id: string; start: number; end: number }[],
  article: RefObject<ArticleHandle | null>,
): void {
  const done = useRef(false);
  useEffect(() => {
    const mark = marks.find(({ id }) => id === active);
    if (done.current || mark === undefined) return;
    done.current = true;
    article.current?.reveal(mark);
  }, [active, marks, article]);
}

function useReadingKeys({
  claims,
  active,
  reading,
  pick,
  begin,
  text,
  article,
  marking,
}: {
  claims: readonly ClaimCardFragment[];
  active: string | undefined;
  reading: RefObject<string | undefined>;
  pick: (claim: string) => void;
  begin: () => void;
  text: string;
  article: RefObject<ArticleHandle | null>;
  /** Words can be marked now. */
  marking: boolean;
}): void {
  const navigate = useNavigate();
  const all = useMemo(() => sentences(text), [text]);
  const step = (by: 1 | -1): void => {
    const at = claims.findIndex(({ id }) => id === (active ?? reading.current));
    const next = claims[at < 0 ? 0 : active === undefined ? at : at + by];
    if (next !== undefined) pick(next.id);
  };
  const select = (place: Place | undefined): void => {
    if (place !== undefined) article.current?.select(place);
  };
  const sentence = (by: 1 | -1): void => {
    const at = article.current?.selected()?.start ?? (article.current?.reading() ?? 0) - 1;
    select(by === 1 ? all.find(({ start }) => start > at) : all.findLast(({ start }) => start < at));
  };
  const word = (by: 1 | -1): void => {
    const at = article.current?.reading() ?? 0;
    select(stepWord(text, article.current?.selected() ?? { start: at, end: at }, by));
  };
  useShortcuts(say.shortcuts.here, [
    { keys: "j", label: say.source.nextClaim, run: () => step(1) },
    { keys: "k", label: say.source.previousClaim, run: () => step(-1) },
    {
      keys: "Enter",
      label: say.source.openClaim,
      run: () => {
        if (active !== undefined) navigate(`/claims/${active}`);
      },
    },
    { keys: "s", label: say.source.nextSentence, run: () => sentence(1) },
    { keys: "S", label: say.source.previousSentence, run: () => sentence(-1) },
    { keys: "w", label: say.source.nextWord, run: () => word(1) },
    { keys: "W", label: say.source.previousWord, run: () => word(-1) },
    { keys: "Shift+Mod+→", label: say.source.moreWords },
    { keys: "Shift+→", label: say.source.moreLetters },
    ...(marking ? [{ keys: "c", label: say.record.title, run: begin }] : []),
  ]);
}
