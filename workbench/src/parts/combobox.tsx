// Search as you type, by the pattern of a combobox with a list: arrows move, Enter takes, Escape closes.
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import { say } from "../strings.ts";
import styles from "./combobox.module.css";
import type { Wiring } from "./field.tsx";
import { handOver, useHandedFocus } from "./focus.ts";

export interface Option {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
}

/** In place of the id of an option: to record what is not there yet. */
const CREATE = "";

export function Combobox({
  wiring,
  text,
  onText,
  options,
  onChoose,
  create,
  placeholder,
  autoFocus = false,
}: {
  wiring: Wiring;
  text: string;
  onText: (text: string) => void;
  options: readonly Option[];
  onChoose: (option: Option) => void;
  /** Offered beneath the options where something is typed: to record what is not there yet. */
  create?: { readonly label: (text: string) => string; readonly run: (text: string) => void };
  placeholder?: string;
  autoFocus?: boolean;
}): ReactNode {
  const list = useId();
  const field = useRef<HTMLInputElement>(null);
  useHandedFocus(field);
  const [open, setOpen] = useState(false);
  // The option that was moved to: it stays where one is, whatever comes in above it. None: the first is.
  const [active, setActive] = useState<string | undefined>(undefined);
  const creatable = create !== undefined && text.trim() !== "";
  const ids = [...options.map(({ id }) => id), ...(creatable ? [CREATE] : [])];
  const count = ids.length;
  const current = active === undefined ? 0 : Math.max(ids.indexOf(active), 0);
  const shown = open && count > 0;

  const take = (index: number): void => {
    const option = options[index];
    setOpen(false);
    setActive(undefined);
    if (option !== undefined) handOver(() => onChoose(option));
    else if (creatable) create.run(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) setOpen(true);
      else setActive(ids[(current + (event.key === "ArrowDown" ? 1 : count - 1)) % count]);
    } else if (event.key === "Enter" && text.trim() !== "" && !event.ctrlKey && !event.metaKey) {
      // Who types a name and is quicker than the list does not send the form.
      event.preventDefault();
      if (shown) take(current);
    } else if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
  };
  return (
    <div className={styles.combobox}>
      <input
        ref={field}
        {...wiring}
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown ? `${list}-${current}` : undefined}
        autoComplete="off"
        // biome-ignore lint/a11y/noAutofocus: only where opening the field is what was asked for.
        autoFocus={autoFocus}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          setOpen(true);
          setActive(undefined);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div
        id={list}
        role="listbox"
        aria-label={say.suggestions}
        hidden={!shown}
        className={styles.list}
        // The field keeps the focus while the list is clicked.
        onPointerDown={(event) => event.preventDefault()}
      >
        {options.map((option, index) => (
          <Row key={option.id} id={`${list}-${index}`} active={index === current} onTake={() => take(index)}>
            <span>{option.label}</span>
            {option.detail !== undefined && <small>{option.detail}</small>}
          </Row>
        ))}
        {creatable && (
          <Row
            id={`${list}-${options.length}`}
            active={current === options.length}
            onTake={() => take(options.length)}
          >
            <span className={styles.create}>{create.label(text.trim())}</span>
          </Row>
        )}
      </div>
    </div>
  );
}

function Row({
  id,
  active,
  onTake,
  children,
}: {
  id: string;
  active: boolean;
  onTake: () => void;
  children: ReactNode;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus, and names the active option.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's.
    <div id={id} role="option" aria-selected={active} onClick={onTake}>
      {children}
    </div>
  );
}
