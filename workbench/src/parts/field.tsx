import { createContext, type ReactNode, useId } from "react";
import styles from "./field.module.css";

/** What ties a control to its label and its problem. */
export interface Wiring {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

/** The label of the field around what is told of it. */
export const FieldLabel = createContext("");

/** A labelled field. What is wrong with it stands beneath it, and is read out with it. */
export function Field({
  label,
  hint,
  problem,
  children,
}: {
  label: string;
  hint?: ReactNode;
  problem?: ReactNode;
  children: (wiring: Wiring) => ReactNode;
}): ReactNode {
  const id = useId();
  const told = problem !== undefined && problem !== null && problem !== "";
  const describedBy = [told ? `${id}-problem` : "", hint === undefined ? "" : `${id}-hint`]
    .filter(Boolean)
    .join(" ");
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-describedby": describedBy || undefined, "aria-invalid": told || undefined })}
      {told && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          <FieldLabel value={label}>{problem}</FieldLabel>
        </p>
      )}
      {hint !== undefined && (
        <div id={`${id}-hint`} className={styles.hint}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** A field of words: one line, or more with `lines`. */
export function TextField({
  label,
  value,
  onChange,
  problem,
  hint,
  lines,
  type = "text",
  placeholder,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problem?: ReactNode;
  hint?: ReactNode;
  lines?: number;
  type?: string;
  placeholder?: string;
}): ReactNode {
  return (
    <Field label={label} problem={problem} hint={hint}>
      {(wiring) =>
        lines === undefined ? (
          <input
            {...wiring}
            type={type}
            step={type === "number" ? "any" : undefined}
            dir={type === "text" ? "auto" : undefined}
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...wiring}
            rows={lines}
            dir="auto"
            placeholder={placeholder}
            value={value}
            onChange={(event) => onChange(event.target.value)}
          />
        )
      }
    </Field>
  );
}

/** A choice of one among many, in a list that opens. */
export function Selection<Value extends string>({
  label,
  value,
  options,
  onChange,
  problem,
}: {
  label: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  onChange: (value: Value) => void;
  problem?: ReactNode;
}): ReactNode {
  return (
    <Field label={label} problem={problem}>
      {(wiring) => (
        <select {...wiring} value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {(Object.keys(options) as Value[]).map((option) => (
            <option key={option} value={option}>
              {options[option]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Yes or no. */
export function Check({
  label,
  checked,
  onChange,
  hint,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  hint?: string;
}): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {label}
        {hint !== undefined && <small>{hint}</small>}
      </span>
    </label>
  );
}

/** Where to begin: the first field that something is wrong with, else the first. */
export function focusFirst(within: HTMLElement | null): void {
  const first =
    within?.querySelector<HTMLElement>("[aria-invalid=true]") ??
    within?.querySelector<HTMLElement>("input, textarea, select");
  first?.focus();
}

/** After a refusal: the field that something is wrong with, else the button, and why above it. */
export function focusRefused(within: HTMLElement | null): void {
  const field = within?.querySelector<HTMLElement>("[aria-invalid=true]");
  (field ?? within?.querySelector<HTMLElement>("[type=submit]"))?.focus({ preventScroll: true });
  (field ?? within?.querySelector("[role=alert]"))?.scrollIntoView({ block: "center" });
}

/** A choice of one among few, all of them in sight. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
  hint,
}: {
  label: string;
  value: Value;
  options: Readonly<Record<Value, string>>;
  onChange: (value: Value) => void;
  hint?: ReactNode;
}): ReactNode {
  const name = useId();
  return (
    <fieldset className={styles.choice}>
      <legend>{label}</legend>
      <div className={styles.options}>
        {(Object.keys(options) as Value[]).map((option) => (
          <label key={option}>
            <input type="radio" name={name} checked={option === value} onChange={() => onChange(option)} />
            <span>{options[option]}</span>
          </label>
        ))}
      </div>
      {hint !== undefined && <div className={styles.hint}>{hint}</div>}
    </fieldset>
  );
}
