import type { ReactNode } from "react";
import { Link } from "react-router";
import type { SourcePageQuery } from "#generated/types.ts";
import { RestrictedBadge } from "../parts/restricted.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

/** What a source is: who published it, when, and which other versions of it there are. */
export function SourceHead({ source }: { source: NonNullable<SourcePageQuery["source"]> }): ReactNode {
  const { publisher, published, byline, reprints, revises, newestVersion } = source;
  return (
    <header className={styles.head}>
      <h1 dir="auto" lang={source.language ?? undefined}>
        {source.title}
      </h1>
      <p className={styles.meta}>
        <span>
          {publisher === null ? (
            say.unknownPublisher
          ) : (
            <Link to={`/agents/${publisher.id}`}>{publisher.name}</Link>
          )}
        </span>
        {byline !== null && <span>{byline}</span>}
        <span>
          {published === null ? say.undated : <time dateTime={published.from}>{published.text}</time>}
        </span>
        <span>{say.sourceKind[source.kind]}</span>
        {source.url !== null && (
          <a href={source.url} rel="noreferrer">
            {say.source.read}
          </a>
        )}
      </p>
      {reprints !== null && (
        <p>
          {say.source.reprints} <Link to={`/sources/${reprints.id}`}>{reprints.title}</Link>
          {reprints.publisher !== null && ` · ${reprints.publisher.name}`}
        </p>
      )}
      {newestVersion.id !== source.id && (
        <p className={styles.newer}>
          {say.source.version} <Link to={`/sources/${newestVersion.id}`}>{newestVersion.title}</Link>
        </p>
      )}
      {revises !== null && (
        <p>
          {say.source.earlier} <Link to={`/sources/${revises.id}`}>{revises.title}</Link>
        </p>
      )}
      <RestrictedBadge node={source} because={say.restricted.byOther} />
      {source.note !== null && <p className={styles.muted}>{source.note}</p>}
    </header>
  );
}
