// A figure as the source has it, and the numbers that it will be understood as.
import type { ReactNode } from "react";
import { UnderstandQuantity } from "#generated/documents.ts";
import type { QuantityPartsFragment } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { Button } from "../parts/button.tsx";
import { Check, Field, Selection, TextField } from "../parts/field.tsx";
import { writeBounds } from "../parts/quantity.ts";
import { say } from "../strings.ts";
import type { ClaimFields } from "./draft.ts";
import styles from "./form.module.css";

type Changed = Partial<ClaimFields>;

export function QuantityField({
  fields: { quantity: text, lower, upper, lowerIncluded, upperIncluded, modality },
  suggested,
  onChange,
  problem,
}: {
  fields: ClaimFields;
  suggested: readonly QuantityPartsFragment[];
  onChange: (changed: Changed) => void;
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
        <div className={styles.group}>
          <div className={styles.row}>
            <TextField
              label={say.record.lower}
              value={lower}
              onChange={(bound) => onChange({ lower: bound })}
              problem={problem("quantity.lower")}
            />
            <TextField
              label={say.record.upper}
              value={upper}
              onChange={(bound) => onChange({ upper: bound })}
              problem={problem("quantity.upper")}
            />
          </div>
          <div className={styles.row}>
            <Check
              label={say.record.lowerIncluded}
              checked={lowerIncluded}
              onChange={(included) => onChange({ lowerIncluded: included })}
            />
            <Check
              label={say.record.upperIncluded}
              checked={upperIncluded}
              onChange={(included) => onChange({ upperIncluded: included })}
            />
          </div>
          <Selection
            label={say.record.modality}
            value={modality}
            options={say.record.modalities}
            onChange={(chosen) => onChange({ modality: chosen })}
            problem={problem("quantity.modality")}
          />
        </div>
      </details>
    </fieldset>
  );
}
