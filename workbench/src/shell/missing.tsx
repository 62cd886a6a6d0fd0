import type { ReactNode } from "react";
import { Link } from "react-router";
import { Notice } from "../parts/notice.tsx";
import { say } from "../strings.ts";
import { Page } from "./shell.tsx";

/** For an address that names no page, and for an id that names nothing. */
export function MissingPage(): ReactNode {
  return (
    <Page title={say.notFound.title}>
      <h1>{say.notFound.title}</h1>
      <p>{say.notFound.words}</p>
      <p>
        <Link to="/">{say.notFound.home}</Link>
      </p>
    </Page>
  );
}

/** A fault of the page itself: a way out, instead of nothing. */
export function BrokenPage(): ReactNode {
  return (
    <Page title={say.broken.title}>
      <Notice
        tone="danger"
        title={say.broken.title}
        action={{ label: say.broken.again, run: () => window.location.reload() }}
      >
        {say.broken.words}
      </Notice>
    </Page>
  );
}
