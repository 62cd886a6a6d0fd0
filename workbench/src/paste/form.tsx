// The form of a source: its text large, and beside it what it is.
import type { ClipboardEvent, KeyboardEvent, ReactNode } from "react";
import { Link } from "react-router";
import type { Refusal } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { LostInForm } from "../parts/lost.tsx";
import { problemAt, Refused } from "../parts/problem.tsx";
import type { SourceFields as Fields } from "../recording/nodes.ts";
import { SourceFields } from "../recording/source-fields.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

export function SourceForm({
  title,
  save,
  fields,
  onChange,
  kept,
  onForget,
  busy,
  ready,
  refusal,
  duplicate,
  onSubmit,
  onPaste,
  urlHint,
  revision = false,
  children,
}: {
  title: string;
  save: string;
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  /** A draft that was begun before. */
  kept: boolean;
  onForget: () => void;
  busy: boolean;
  /** It can be recorded. */
  ready: boolean;
  refusal: Refusal | undefined;
  /** The source that is the same. */
  duplicate: string | undefined;
  onSubmit: () => Promise<void>;
  onPaste?: (event: ClipboardEvent) => void;
  urlHint?: ReactNode;
  revision?: boolean;
  /** Shown beneath the text. */
  children?: ReactNode;
}): ReactNode {
  const submit = (): void => {
    if (!busy && ready) void onSubmit();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <form
      className={styles.form}
      aria-label={title}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div>
        {kept && (
          <p className={styles.muted}>
            {say.record.draft}{" "}
            <Button look="quiet" onClick={onForget}>
              {say.record.discard}
            </Button>
          </p>
        )}
        <Field label={say.paste.text} hint={say.paste.textHint} problem={problemAt(refusal, "text")}>
          {(wiring) => (
            <textarea
              {...wiring}
              // biome-ignore lint/a11y/noAutofocus: the text is what the page is for.
              autoFocus
              className={styles.area}
              dir="auto"
              lang={fields.language || undefined}
              rows={18}
              value={fields.text}
              onPaste={onPaste}
              onChange={(event) => onChange({ text: event.target.value })}
            />
          )}
        </Field>
        {children}
      </div>
      <div className={styles.details}>
        <SourceFields
          fields={fields}
          onChange={onChange}
          problem={(path) => problemAt(refusal, path)}
          urlHint={urlHint}
          revision={revision}
        />
        {refusal?.type !== "NotPermitted" && <LostInForm />}
        <Refused
          refusal={refusal}
          restricting={
            revision
              ? undefined
              : {
                  label: say.named.restrict,
                  chosen: fields.restricted,
                  run: () => onChange({ restricted: true }),
                }
          }
        >
          {duplicate !== undefined && <Link to={`/sources/${duplicate}`}>{say.paste.open}</Link>}
        </Refused>
        <p>
          <Button look="main" type="submit" keys="Ctrl ↵" aria-busy={busy} disabled={!ready}>
            {save}
          </Button>
        </p>
      </div>
    </form>
  );
}
