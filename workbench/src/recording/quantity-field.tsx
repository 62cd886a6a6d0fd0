// A figure as the source has it, and the numbers that it will be understood as.
import type { ReactNode } from "react";
import { UnderstandQuantity } from "#generated/documents.ts";
import type { QuantityPartsFragment } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { writeBounds } from "../parts/quantity.ts";
import { say } from "../strings.ts";
import styles from "./form.module.css";

export function QuantityField({
  text,
  lower,
  upper,
  suggested,
  onChange,
  problem,
}: {
  text: string;
  lower: string;
  upper: string;
  suggested: readonly QuantityPartsFragment[];
  onChange: (change: { quantity?: string; lower?: string; upper?: string }) => void;
  problem: (path: string) => ReactNode;
}): ReactNode {
  const words = useDebounced(text.trim());
  const { data, refreshing, waiting } = useRead(UnderstandQuantity, { text: words }, { pause: words === "" });
  const understood = data?.suggest.flatMap(({ quantities }) => quantities)[0];
  const given = lower.trim() !== "" || upper.trim() !== "";
  const asked = words !== "" && !refreshing && !waiting && data !== undefined;
  return (
    <fieldset className={styles.group}>
      <Field
        label={say.record.quantity}
        problem={problem("quantity") ?? problem("quantity.text")}
        hint={
          <output className={styles.understood}>
            {asked && !given && understood !== undefined && (
              <>
                {say.record.understood} <strong>{writeBounds(understood)}</strong>
              </>
            )}
            {asked && !given && understood === undefined && say.record.notUnderstood}
          </output>
        }
      >
        {(wiring) => (
          <input {...wiring} value={text} onChange={(event) => onChange({ quantity: event.target.value })} />
        )}
      </Field>
      {suggested.some((quantity) => quantity.text !== text) && (
        <div className={styles.suggested}>
          {say.record.suggested}
          {suggested.map((quantity) => (
            <Button key={quantity.text} look="quiet" onClick={() => onChange({ quantity: quantity.text })}>
              {quantity.text}
            </Button>
          ))}
        </div>
      )}
      <details open={given}>
        <summary>{say.record.boundsLabel}</summary>
        <div className={styles.row}>
          <Field label={say.record.lower} problem={problem("quantity.lower")}>
            {(wiring) => (
              <input
                {...wiring}
                inputMode="decimal"
                value={lower}
                onChange={(event) => onChange({ lower: event.target.value })}
              />
            )}
          </Field>
          <Field label={say.record.upper} problem={problem("quantity.upper")}>
            {(wiring) => (
              <input
                {...wiring}
                inputMode="decimal"
                value={upper}
                onChange={(event) => onChange({ upper: event.target.value })}
              />
            )}
          </Field>
        </div>
      </details>
    </fieldset>
  );
}
