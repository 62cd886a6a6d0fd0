// Paste an article: its text becomes a source, and one goes on to mark its claims.
import { type ClipboardEvent, type ReactNode, useMemo, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Known, RecordSource } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { useDraft } from "../data/drafts.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useOutlives, useRights } from "../data/rights.tsx";
import { useWrite } from "../data/write.ts";
import { Notice } from "../parts/notice.tsx";
import { AskedNotice, answerTo, useAskedId } from "../recording/asked.tsx";
import { EMPTY_SOURCE, makeSourceInput, type SourceFields } from "../recording/nodes.ts";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import { SourceForm } from "./form.tsx";
import { guessTitle } from "./guess.ts";
import { useOpening } from "./opening.ts";
import { RevisionPage } from "./revision.tsx";

type Draft = SourceFields & { readonly idempotencyKey: string };

/** `?revises=source_…`: a later version of that source; else a new one. */
export function PastePage(): ReactNode {
  const revised = useSearchParams()[0].get("revises");
  const shown = useOutlives(true, useRights().record);
  if (!shown) return <Readers />;
  return revised === null ? <NewSource /> : <RevisionPage key={revised} source={revised} />;
}

/** What is told to who came here by an address, and may not record. */
function Readers(): ReactNode {
  const { access } = useRights();
  return (
    <Page title={say.nav.paste}>
      <h1>{say.nav.paste}</h1>
      <Notice title={say.readers.title}>
        <p>{say.readers.words}</p>
        {access?.researcher === null && <a href="/sign-in">{say.signIn}</a>}
      </Notice>
    </Page>
  );
}

function NewSource(): ReactNode {
  const [key] = useState(newKey);
  const empty = useMemo<Draft>(() => ({ ...EMPTY_SOURCE, idempotencyKey: key }), [key]);
  const { value: draft, set, forget, kept } = useDraft<Draft>("source", empty);
  const { run, busy, refusal } = useWrite(RecordSource);
  const [duplicate, setDuplicate] = useState<string | undefined>(undefined);
  const open = useOpening();
  const asked = useAskedId();

  const record = async (): Promise<void> => {
    const written = await run({
      input: { ...makeSourceInput(draft), idempotencyKey: draft.idempotencyKey },
    });
    if (written.done) {
      forget();
      open(answerTo(asked, `/sources/${written.payload.source.id}`));
      return;
    }
    setDuplicate(written.result?.__typename === "Duplicate" ? written.result.id : undefined);
    if (written.result !== undefined) set({ idempotencyKey: newKey() });
  };
  const onPaste = (event: ClipboardEvent): void => {
    const words = event.clipboardData.getData("text/plain");
    if (draft.title === "") set({ title: guessTitle(words) });
  };
  return (
    <Page title={say.nav.paste}>
      <h1>{say.nav.paste}</h1>
      <AskedNotice />
      <SourceForm
        title={say.nav.paste}
        save={say.paste.save}
        fields={draft}
        onChange={set}
        kept={kept}
        onForget={forget}
        busy={busy}
        ready={draft.title.trim() !== ""}
        refusal={refusal}
        duplicate={duplicate}
        onSubmit={record}
        onPaste={onPaste}
        urlHint={<KnownUrl url={draft.url} />}
      />
    </Page>
  );
}

/** Whether the address is recorded already. */
function KnownUrl({ url }: { url: string }): ReactNode {
  const asked = useDebounced(url.trim());
  const { data } = useRead(Known, { urls: [asked] }, { pause: asked === "" });
  const source = asked === "" ? null : (data?.known[0] ?? null);
  if (source === null) return null;
  return (
    <span role="status">
      {say.paste.known} <Link to={`/sources/${source.id}`}>{source.title}</Link> {source.published?.text}
    </span>
  );
}
