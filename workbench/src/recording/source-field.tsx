// Naming a source: found by any of its words.
import { type ReactNode, useState } from "react";
import { FindSources } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { say } from "../strings.ts";
import { FindField } from "./find-field.tsx";
import type { NamedSource } from "./nodes.ts";

export function SourceField({
  label,
  source,
  onChange,
  problem,
  hint,
}: {
  label: string;
  source: NamedSource | null;
  onChange: (source: NamedSource | null) => void;
  problem?: ReactNode;
  hint?: ReactNode;
}): ReactNode {
  const [text, setText] = useState("");
  const words = useDebounced(text.trim());
  const recent = useRead(FindSources, {}).data?.sources.edges ?? [];
  const found = useRead(FindSources, { filter: { text: words } }, { pause: words === "" }).data?.sources
    .edges;
  const nodes = (words === "" ? recent : (found ?? [])).map(({ node }) => node);
  return (
    <FindField
      label={label}
      hint={hint}
      problem={problem}
      placeholder={say.source.search}
      chosen={source && { words: source.title, remove: say.source.another, onRemove: () => onChange(null) }}
      text={text}
      onText={setText}
      options={nodes.map(({ id, title, publisher, published }) => ({
        id,
        label: title,
        detail: `${publisher?.name ?? say.unknownPublisher} · ${published?.text ?? say.undated}`,
      }))}
      onChoose={({ id, label: title }) => onChange({ id, title })}
    />
  );
}
