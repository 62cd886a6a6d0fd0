// The fields of a source besides its text: of a new one, a later version, and one that is amended.
import type { ReactNode } from "react";
import type { AmendableSourceFragment } from "#generated/types.ts";
import { Check, Selection, TextField } from "../parts/field.tsx";
import { useSticky } from "../parts/sticky.ts";
import { say } from "../strings.ts";
import { OneAgentField } from "./agent-field.tsx";
import styles from "./form.module.css";
import type { SourceFields as Fields } from "./nodes.ts";
import { SourceField } from "./source-field.tsx";

const { paste } = say;
export const SOURCE_LABELS: Record<keyof Fields, string> = {
  text: paste.text,
  title: paste.title,
  kind: paste.kind,
  publisher: paste.publisher,
  url: paste.url,
  byline: paste.byline,
  published: paste.published,
  language: paste.language,
  retrievedAt: paste.retrieved,
  mediaType: paste.mediaType,
  archiveUrl: paste.archive,
  reprints: paste.reprints,
  note: say.record.note,
  restricted: say.restricted.label,
};

/** What stands in the fields, of a source that is recorded. */
export function readSource(source: AmendableSourceFragment): Fields {
  const { publisher, reprints } = source;
  return {
    text: source.text ?? "",
    title: source.title,
    kind: source.kind,
    publisher: publisher && { id: publisher.id, name: publisher.name },
    url: source.url ?? "",
    byline: source.byline ?? "",
    published: source.published?.text ?? "",
    language: source.language ?? "",
    retrievedAt: source.retrievedAt ?? "",
    mediaType: source.mediaType ?? "",
    archiveUrl: source.archiveUrl ?? "",
    reprints: reprints && { id: reprints.id, title: reprints.title },
    note: source.note ?? "",
    restricted: source.restricted,
  };
}

export function SourceFields({
  fields,
  onChange,
  problem,
  urlHint,
  revision = false,
}: {
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  problem: (path: string) => ReactNode;
  urlHint?: ReactNode;
  /** Of a later version: its kind, its publisher and what it reprints are those of the first. */
  revision?: boolean;
}): ReactNode {
  const more = useSticky(
    fields.note !== "" || fields.archiveUrl !== "" || fields.reprints !== null || fields.restricted,
  );
  const text = (name: TextName, hint?: ReactNode, type = "text"): ReactNode => (
    <TextField
      label={SOURCE_LABELS[name]}
      hint={hint}
      type={type}
      value={fields[name]}
      onChange={(value) => onChange({ [name]: value })}
      problem={problem(name)}
    />
  );
  return (
    <>
      {text("title")}
      {text("url", urlHint, "url")}
      {text("published", paste.publishedHint)}
      {!revision && (
        <OneAgentField
          label={paste.publisher}
          agent={fields.publisher}
          onChange={(publisher) => onChange({ publisher })}
          problem={problem("publisher")}
        />
      )}
      {text("byline")}
      <div className={styles.row}>
        {!revision && (
          <Selection
            label={paste.kind}
            value={fields.kind}
            options={say.sourceKind}
            onChange={(kind) => onChange({ kind })}
            problem={problem("kind")}
          />
        )}
        <TextField
          label={paste.language}
          placeholder="en"
          value={fields.language}
          onChange={(language) => onChange({ language })}
          problem={problem("language")}
        />
      </div>
      <details open={more}>
        <summary>{paste.more}</summary>
        <div className={styles.group}>
          {!revision && (
            <SourceField
              label={paste.reprints}
              source={fields.reprints}
              onChange={(reprints) => onChange({ reprints })}
              problem={problem("reprints")}
            />
          )}
          {text("archiveUrl", undefined, "url")}
          {text("retrievedAt", paste.retrievedHint)}
          {text("mediaType")}
          <TextField
            label={say.record.note}
            lines={2}
            value={fields.note}
            onChange={(note) => onChange({ note })}
            problem={problem("note")}
          />
          {!revision && (
            <Check
              label={say.restricted.label}
              hint={say.restricted.sourceHint}
              checked={fields.restricted}
              onChange={(restricted) => onChange({ restricted })}
            />
          )}
        </div>
      </details>
    </>
  );
}

type TextName = "title" | "url" | "published" | "byline" | "archiveUrl" | "retrievedAt" | "mediaType";
