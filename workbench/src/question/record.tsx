import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { Dialog } from "../parts/dialog.tsx";
import { answerTo } from "../recording/asked.tsx";
import { SourceField } from "../recording/source-field.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

/** To the source that answers the question: what is marked there is recorded for it. */
export function RecordDialog({ question, onClose }: { question: string; onClose: () => void }): ReactNode {
  const navigate = useNavigate();
  return (
    <Dialog title={say.question.record} onClose={onClose}>
      <div className={styles.choice}>
        <p className={styles.muted}>{say.question.recordWords}</p>
        <SourceField
          label={say.question.inSource}
          source={null}
          onChange={(source) => {
            if (source !== null) navigate(answerTo(question, `/sources/${source.id}`));
          }}
        />
        <p>
          <Link to={answerTo(question, "/paste")}>{say.question.inNew}</Link>
        </p>
      </div>
    </Dialog>
  );
}
