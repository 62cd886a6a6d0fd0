// The search box: what is asked stands in the address, and what is typed meanwhile stays in the box.
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { say } from "../strings.ts";
import styles from "./shell.module.css";

export function SearchBox({ field }: { field: RefObject<HTMLInputElement | null> }): ReactNode {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [parameters] = useSearchParams();
  const asked = pathname === "/search" ? (parameters.get("q") ?? "") : "";
  // What stood in the box as the address was last read, or it was sent: what differs from it was typed since.
  const settled = useRef(asked);
  useEffect(() => {
    const box = field.current;
    if (box === null || (box === document.activeElement && box.value !== settled.current)) return;
    box.value = asked;
    settled.current = asked;
  }, [asked, field]);
  return (
    <search className={styles.search}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const words = field.current?.value ?? "";
          settled.current = words;
          const text = words.trim();
          navigate(text === "" ? "/search" : `/search?q=${encodeURIComponent(text)}`);
        }}
      >
        <input
          ref={field}
          type="search"
          name="q"
          defaultValue={asked}
          aria-label={say.searchHint}
          placeholder={say.searchHint}
          autoComplete="off"
          enterKeyHint="search"
        />
        <kbd aria-hidden="true">/</kbd>
      </form>
    </search>
  );
}

/**
 * Once there is an answer the keys are the page's. Until then, or if something was typed after what is answered,
 * they are the box's.
 */
export function useLeaveSearchBox(text: string, answered: boolean): void {
  useLayoutEffect(() => {
    const box = document.activeElement;
    if (!answered || !(box instanceof HTMLInputElement) || box.closest("search") === null) return;
    if (box.value.trim() === text) box.blur();
  }, [text, answered]);
}
