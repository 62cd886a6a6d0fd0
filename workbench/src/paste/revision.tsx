// A later version of a source: which of its quotes still stand is shown while the text is typed.
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "react-router";
import { RevisedSource, ReviseSource, SourceClaims } from "#generated/documents.ts";
import type { ClaimCardFragment, RevisedSourceQuery, SourceClaimsQuery } from "#generated/types.ts";
import { changesOf } from "../amending/fields.ts";
import { useDebounced } from "../data/debounced.ts";
import { useDraft } from "../data/drafts.ts";
import { useEvery } from "../data/every.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Notice } from "../parts/notice.tsx";
import { makeSourceInput, type SourceFields } from "../recording/nodes.ts";
import { readSource } from "../recording/source-fields.tsx";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import { Positions } from "../text/codepoints.ts";
import { checkQuote, type Fit } from "../text/quotes.ts";
import { SourceForm } from "./form.tsx";
import { useOpening } from "./opening.ts";
import styles from "./page.module.css";

type Source = NonNullable<RevisedSourceQuery["source"]>;
type Draft = SourceFields & { readonly idempotencyKey: string };

export function RevisionPage({ source: id }: { source: string }): ReactNode {
  const reading = useRead(RevisedSource, { id });
  return (
    <Found id={id} reading={reading} pick={({ source }) => source}>
      {(source) => (
        <Page title={say.revision.title}>
          <h1>{say.revision.title}</h1>
          <p className={styles.muted}>
            {say.revision.of} <Link to={`/sources/${source.id}`}>{source.title}</Link>
          </p>
          {source.newestVersion.id === source.id ? (
            <Revision source={source} />
          ) : (
            <Notice title={say.revision.notNewest}>
              <Link to={`/paste?revises=${source.newestVersion.id}`}>{say.revision.newest}</Link>
            </Notice>
          )}
        </Page>
      )}
    </Found>
  );
}

function Revision({ source }: { source: Source }): ReactNode {
  const [key] = useState(newKey);
  // What a version says of itself alone is not that of the version before.
  const [base] = useState(() => ({ ...readSource(source), retrievedAt: "", archiveUrl: "", note: "" }));
  const empty = useMemo<Draft>(() => ({ ...base, idempotencyKey: key }), [base, key]);
  const { value: draft, set, forget, kept } = useDraft<Draft>(`revision.${source.id}`, empty);
  const { run, busy, refusal } = useWrite(ReviseSource);
  const [duplicate, setDuplicate] = useState<string | undefined>(undefined);
  const open = useOpening();
  const record = async (): Promise<void> => {
    const {
      text,
      kind: _kind,
      publisher: _publisher,
      reprints: _reprints,
      restricted: _restricted,
      ...rest
    } = makeSourceInput(draft);
    const written = await run({
      input: {
        source: source.id,
        text,
        ...changesOf(makeSourceInput(base), rest as ReturnType<typeof makeSourceInput>),
        idempotencyKey: draft.idempotencyKey,
      },
    });
    if (written.done) {
      forget();
      open(`/sources/${written.payload.source.id}`);
      return;
    }
    setDuplicate(written.result?.__typename === "Duplicate" ? written.result.id : undefined);
    if (written.result !== undefined) set({ idempotencyKey: newKey() });
  };
  return (
    <SourceForm
      title={say.revision.title}
      save={say.revision.save}
      fields={draft}
      onChange={set}
      kept={kept}
      onForget={forget}
      busy={busy}
      ready={draft.title.trim() !== "" && draft.text !== base.text}
      refusal={refusal}
      duplicate={duplicate}
      onSubmit={record}
      revision
    >
      <Fits source={source} text={draft.text} />
    </SourceForm>
  );
}

const pickClaims = (data: SourceClaimsQuery) => data.source?.claims;

/** What would become of each quote, from this version and the one before. */
function Fits({ source, text }: { source: Source; text: string }): ReactNode {
  const { nodes } = useEvery(SourceClaims, source.id, pickClaims);
  const typed = useDebounced(text, 250);
  const fits = useMemo(() => {
    const before = source.revises?.claims.edges.map(({ node }) => node) ?? [];
    const positions = new Positions(typed);
    const found: Record<Fit, ClaimCardFragment[]> = { ORPHANED: [], MOVED: [], PRESENT: [] };
    for (const claim of [...nodes, ...before]) found[checkQuote(claim.quote, typed, positions)].push(claim);
    return found;
  }, [nodes, source, typed]);
  if (nodes.length === 0 && fits.PRESENT.length + fits.MOVED.length + fits.ORPHANED.length === 0) return null;
  return (
    <section className={styles.fits} aria-label={say.revision.fits}>
      <h2>{say.revision.fits}</h2>
      <p role="status">{say.revision.count(fits.PRESENT.length, fits.MOVED.length, fits.ORPHANED.length)}</p>
      {(["ORPHANED", "MOVED"] as const).map(
        (fit) =>
          fits[fit].length > 0 && (
            <div key={fit} data-fit={fit}>
              <h3>{say.revision.fit[fit]}</h3>
              <ul>
                {fits[fit].map((claim) => (
                  <li key={claim.id}>
                    <q dir="auto">{claim.quote.exact}</q>{" "}
                    <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </section>
  );
}
