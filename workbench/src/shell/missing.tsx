import { type ReactNode, useEffect } from "react";
import { Link } from "react-router";
import { Notice } from "../parts/notice.tsx";
import { say } from "../strings.ts";
import { Page } from "./shell.tsx";
import { useToast } from "./toast.tsx";

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

/** In place of a page that was not fetched: the server is away, or serves another version of the page by now. */
export function UnreachedPage(): ReactNode {
  const toast = useToast();
  useEffect(() => {
    window.addEventListener("online", reload);
    return () => window.removeEventListener("online", reload);
  }, []);
  // What is loaded again while nothing answers is gone: the browser shows its own page.
  const tryAgain = (): void => void fetch("/").then(reload, () => toast({ words: say.unreached.still }));
  return (
    <Page title={say.unreached.title}>
      <h1>{say.unreached.title}</h1>
      <Notice tone="danger" title={say.unreached.words} action={{ label: say.tryAgain, run: tryAgain }} />
    </Page>
  );
}

function reload(): void {
  window.location.reload();
}

/** A fault of the page itself: a way out, instead of nothing. */
export function BrokenPage(): ReactNode {
  return (
    <Page title={say.broken.title}>
      <Notice tone="danger" title={say.broken.title} action={{ label: say.broken.again, run: reload }}>
        {say.broken.words}
      </Notice>
    </Page>
  );
}
