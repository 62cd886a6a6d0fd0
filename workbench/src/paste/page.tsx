// Paste an article: its text becomes a source, and one goes on to mark its claims.
import {
  type ClipboardEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  useMemo,
  useState,
} from "react";
import { Link, useNavigate } from "react-router";
import { Known, RecordSource } from "#generated/documents.ts";
import type { SourceKind } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useDraft } from "../data/drafts.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { problemAt, useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { AgentField } from "../recording/agent-field.tsx";
import { AskedNotice, answerTo, useAskedId } from "../recording/asked.tsx";
import type { NamedAgent } from "../recording/draft.ts";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import { guessTitle } from "./guess.ts";
import styles from "./page.module.css";

interface Draft {
  readonly text: string;
  readonly title: string;
  readonly kind: SourceKind;
  readonly publisher: NamedAgent | null;
  readonly url: string;
  readonly byline: string;
  readonly published: string;
  readonly language: string;
  readonly idempotencyKey: string;
}

export function PastePage(): ReactNode {
  const [key] = useState(newKey);
  const empty = useMemo<Draft>(
    () => ({
      text: "",
      title: "",
      kind: "ARTICLE",
      publisher: null,
      url: "",
      byline: "",
      published: "",
      language: "",
      idempotencyKey: key,
    }),
    [key],
  );
  const { value: draft, set, forget, kept } = useDraft<Draft>("source", empty);
  const { run, busy, refusal } = useWrite(RecordSource);
  const [duplicate, setDuplicate] = useState<string | undefined>(undefined);
  const navigate = useNavigate();
  const asked = useAskedId();

  const record = async (): Promise<void> => {
    if (busy) return;
    const orNull = (words: string): string | null => words.trim() || null;
    const written = await run({
      input: {
        kind: draft.kind,
        title: draft.title.trim(),
        text: draft.text === "" ? null : draft.text,
        publisher: draft.publisher?.id ?? null,
        url: orNull(draft.url),
        byline: orNull(draft.byline),
        published: orNull(draft.published),
        language: orNull(draft.language),
        idempotencyKey: draft.idempotencyKey,
      },
    });
    if (written.done) {
      forget();
      navigate(answerTo(asked, `/sources/${written.payload.source.id}`));
      return;
    }
    setDuplicate(written.result?.__typename === "Duplicate" ? written.result.id : undefined);
    if (written.result !== undefined) set({ idempotencyKey: newKey() });
  };
  const onPaste = (event: ClipboardEvent): void => {
    const words = event.clipboardData.getData("text/plain");
    if (draft.title === "") set({ title: guessTitle(words) });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void record();
    }
  };
  const moment = refusal?.type === "UnknownMoment" ? refusal.message : undefined;
  return (
    <Page title={say.nav.paste}>
      <h1>{say.nav.paste}</h1>
      <AskedNotice />
      <form
        className={styles.form}
        aria-label={say.nav.paste}
        onKeyDown={onKeyDown}
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          void record();
        }}
      >
        <div className={styles.text}>
          {kept && (
            <p className={styles.muted}>
              {say.record.draft}{" "}
              <Button look="quiet" onClick={forget}>
                {say.record.discard}
              </Button>
            </p>
          )}
          <Field label={say.paste.text} hint={say.paste.textHint} problem={problemAt(refusal, "text")}>
            {(wiring) => (
              <textarea
                {...wiring}
                // biome-ignore lint/a11y/noAutofocus: pasting is what the page is for.
                autoFocus
                className={styles.area}
                dir="auto"
                rows={18}
                value={draft.text}
                onPaste={onPaste}
                onChange={(event) => set({ text: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className={styles.details}>
          <Field label={say.paste.title} problem={problemAt(refusal, "title")}>
            {(wiring) => (
              <input
                {...wiring}
                dir="auto"
                value={draft.title}
                onChange={(event) => set({ title: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={say.paste.url}
            problem={problemAt(refusal, "url")}
            hint={<KnownUrl url={draft.url} />}
          >
            {(wiring) => (
              <input
                {...wiring}
                type="url"
                value={draft.url}
                onChange={(event) => set({ url: event.target.value })}
              />
            )}
          </Field>
          <Field
            label={say.paste.published}
            hint={say.paste.publishedHint}
            problem={moment ?? problemAt(refusal, "published")}
          >
            {(wiring) => (
              <input
                {...wiring}
                value={draft.published}
                onChange={(event) => set({ published: event.target.value })}
              />
            )}
          </Field>
          {draft.publisher === null ? (
            <AgentField
              label={say.paste.publisher}
              problem={problemAt(refusal, "publisher")}
              suggested={[]}
              onChoose={(publisher) => set({ publisher })}
            />
          ) : (
            <p>
              <strong>{say.paste.publisher}</strong> {draft.publisher.name}{" "}
              <Button look="quiet" onClick={() => set({ publisher: null })}>
                {say.record.speakerRemove(draft.publisher.name)}
              </Button>
            </p>
          )}
          <Field label={say.paste.byline} problem={problemAt(refusal, "byline")}>
            {(wiring) => (
              <input
                {...wiring}
                value={draft.byline}
                onChange={(event) => set({ byline: event.target.value })}
              />
            )}
          </Field>
          <div className={styles.row}>
            <Field label={say.paste.kind}>
              {(wiring) => (
                <select
                  {...wiring}
                  value={draft.kind}
                  onChange={(event) => set({ kind: event.target.value as SourceKind })}
                >
                  {(Object.keys(say.sourceKind) as SourceKind[]).map((kind) => (
                    <option key={kind} value={kind}>
                      {say.sourceKind[kind]}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={say.paste.language} problem={problemAt(refusal, "language")}>
              {(wiring) => (
                <input
                  {...wiring}
                  placeholder="en"
                  value={draft.language}
                  onChange={(event) => set({ language: event.target.value })}
                />
              )}
            </Field>
          </div>
          {refusal !== undefined && (
            <p className={styles.problem} role="alert">
              {refusal.message} {refusal.hint}{" "}
              {duplicate !== undefined && <Link to={`/sources/${duplicate}`}>{say.paste.open}</Link>}
            </p>
          )}
          <p>
            <Button
              look="main"
              type="submit"
              keys="Ctrl ↵"
              aria-busy={busy}
              disabled={draft.title.trim() === ""}
            >
              {say.paste.save}
            </Button>
          </p>
        </div>
      </form>
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
