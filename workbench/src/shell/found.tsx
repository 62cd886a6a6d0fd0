import { type ReactNode, useRef, useSyncExternalStore } from "react";
import { countDrafts, listenToDrafts } from "../data/drafts.ts";
import { Answer, type Reading } from "../data/read.tsx";
import { Notice } from "../parts/notice.tsx";
import { say } from "../strings.ts";
import { MissingPage } from "./missing.tsx";

/** The node that an answer holds, or the page that says that there is none. */
export function Found<Data, Node>({
  id,
  reading,
  pick,
  children,
}: {
  /** What was asked for. */
  id: string;
  reading: Reading<Data>;
  pick: (data: Data) => Node | null;
  children: (node: Node) => ReactNode;
}): ReactNode {
  return (
    <Answer reading={reading}>
      {(data) => (
        <Shown key={id} node={pick(data)}>
          {children}
        </Shown>
      )}
    </Answer>
  );
}

/**
 * Nothing recorded goes away, but one may lose the right to see it: while something is being written about it, it
 * stays as it was.
 */
function Shown<Node>({
  node,
  children,
}: {
  node: Node | null;
  children: (node: Node) => ReactNode;
}): ReactNode {
  const writing = useSyncExternalStore(listenToDrafts, countDrafts) > 0;
  const last = useRef(node);
  if (node !== null) last.current = node;
  const shown = node ?? (writing ? last.current : null);
  if (shown === null) return <MissingPage />;
  return (
    <>
      {node === null && <Notice tone="danger" title={say.unseen} />}
      {children(shown)}
    </>
  );
}
