import { type ReactNode, useState } from "react";
import { Button } from "../parts/button.tsx";
import { copy } from "../parts/copy.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Choice, Field } from "../parts/field.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import { cite, type Format } from "./cite.ts";
import type { Claim } from "./claim.ts";
import styles from "./page.module.css";

/** A claim in the words and formats that others cite it by. */
export function CiteDialog({
  claim,
  address,
  onClose,
}: {
  claim: Claim;
  address: string;
  onClose: () => void;
}): ReactNode {
  const [format, setFormat] = useState<Format>("text");
  const toast = useToast();
  const text = cite(claim, format, address, new Date().toISOString().slice(0, 10));
  return (
    <Dialog title={say.claim.cite} onClose={onClose}>
      <div className={styles.form}>
        <Choice label={say.claim.format} value={format} options={say.claim.formats} onChange={setFormat} />
        <Field label={say.claim.citation}>
          {(wiring) => <textarea {...wiring} className={styles.citation} readOnly rows={6} value={text} />}
        </Field>
        <p>
          <Button
            look="main"
            onClick={() => {
              void copy(text).then(() => toast({ words: say.claim.copied }));
              onClose();
            }}
          >
            {say.claim.copy}
          </Button>
        </p>
      </div>
    </Dialog>
  );
}
