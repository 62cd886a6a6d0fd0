import type { ReactNode } from "react";
import { say } from "../strings.ts";

/** Something is on its way. Not seen before a while has gone by, so that nothing flickers. */
export function Waiting({ className }: { className?: string | undefined }): ReactNode {
  return (
    <p role="status" className={className === undefined ? "waiting" : `waiting ${className}`}>
      {say.waiting}
    </p>
  );
}
