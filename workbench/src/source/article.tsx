// The text of a source with its claims where they stand. One text node: a position in it is one in the text.
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Button } from "../parts/button.tsx";
import { scrolling } from "../shell/motion.ts";
import { say } from "../strings.ts";
import { type Place, trim } from "../text/places.ts";
import styles from "./article.module.css";
import { rangeOf, textOf, useHighlights } from "./highlights.ts";
import { chooseAt, firstFrom, type Mark } from "./marks.ts";

export interface ArticleHandle {
  /** Scroll so that the place is read next; the selection stays. */
  readonly reveal: (place: Place) => void;
  /** Select the place, as if by hand, and reveal it. */
  readonly select: (place: Place) => void;
  /** What is selected now. */
  readonly selected: () => Place | undefined;
  /** The position of what is read now: it stands on top of what is in sight. */
  readonly reading: () => number;
}

export function Article({
  text,
  language,
  marks,
  active,
  proposed,
  onPick,
  onSelect,
  onMark,
  onRead,
  handle,
}: {
  text: string;
  language: string | null;
  marks: readonly Mark[];
  active: string | undefined;
  proposed: Place | undefined;
  onPick: (claim: string) => void;
  onSelect: (place: Place | undefined) => void;
  /** Undefined: one may only read. */
  onMark: (() => void) | undefined;
  /** The claim that stands first in what is in sight now. */
  onRead: (claim: string) => void;
  handle: RefObject<ArticleHandle | null>;
}): ReactNode {
  const holder = useRef<HTMLDivElement>(null);
  useHighlights(holder, text, marks, active, proposed);
  useReadingPlace(holder, marks, onRead);
  const bubble = useSelection(holder, text, onSelect);
  useArticleHandle(holder, handle);
  const pick = (event: MouseEvent): void => {
    if (window.getSelection()?.isCollapsed === false) return;
    const caret = document.caretPositionFromPoint(event.clientX, event.clientY);
    if (caret === null || caret.offsetNode !== textOf(holder.current)) return;
    const chosen = chooseAt(marks, caret.offset, active);
    if (chosen !== undefined) onPick(chosen);
  };
  return (
    <section aria-label={say.source.article} className={styles.frame}>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: j and k choose claims, and the list beside has a button each. */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click chooses the claim it falls on; none is an element. */}
      <div ref={holder} className={styles.text} lang={language ?? undefined} dir="auto" onClick={pick}>
        {text}
      </div>
      {bubble !== undefined && onMark !== undefined && (
        <div className={styles.bubble} style={{ insetBlockStart: bubble.top, insetInlineStart: bubble.left }}>
          <Button look="main" keys="c" onPointerDown={(event) => event.preventDefault()} onClick={onMark}>
            {say.source.mark}
          </Button>
        </div>
      )}
    </section>
  );
}

/** What is selected of the text, and where a button for it can stand. */
function useSelection(
  holder: RefObject<HTMLElement | null>,
  text: string,
  onSelect: (place: Place | undefined) => void,
): { top: number; left: number } | undefined {
  const [bubble, setBubble] = useState<{ top: number; left: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const look = (): void => {
      const node = textOf(holder.current);
      const selection = window.getSelection();
      const range = selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined;
      const place = node && range && !range.collapsed ? placeIn(node, range, text) : undefined;
      onSelect(place);
      const frame = holder.current?.parentElement?.getBoundingClientRect();
      if (node === undefined || place === undefined || frame === undefined) {
        setBubble(undefined);
        return;
      }
      const box = rangeOf(node, place).getBoundingClientRect();
      const left = Math.max(0, Math.min(box.left - frame.left, frame.width - 180));
      setBubble({ top: box.bottom - frame.top + 8, left });
    };
    document.addEventListener("selectionchange", look);
    return () => document.removeEventListener("selectionchange", look);
  }, [holder, text, onSelect]);
  return bubble;
}

function placeIn(node: Text, range: Range, text: string): Place | undefined {
  if (!range.intersectsNode(node)) return undefined;
  const start = range.startContainer === node ? range.startOffset : 0;
  const end = range.endContainer === node ? range.endOffset : node.length;
  const place = trim(text, { start, end });
  return place.end > place.start ? place : undefined;
}

function useArticleHandle(
  holder: RefObject<HTMLElement | null>,
  handle: RefObject<ArticleHandle | null>,
): void {
  useLayoutEffect(() => {
    const reveal = (place: Place): void => {
      const node = textOf(holder.current);
      if (node === undefined) return;
      const box = rangeOf(node, place).getBoundingClientRect();
      const inSight = box.top > 80 && box.bottom < window.innerHeight - 40;
      const top = box.top + window.scrollY - window.innerHeight * 0.35;
      if (!inSight) window.scrollTo({ top, behavior: scrolling() });
    };
    const select = (place: Place): void => {
      const node = textOf(holder.current);
      const selection = window.getSelection();
      if (node === undefined || selection === null) return;
      selection.removeAllRanges();
      selection.addRange(rangeOf(node, place));
      reveal(place);
    };
    const selected = (): Place | undefined => {
      const node = textOf(holder.current);
      const selection = window.getSelection();
      if (node === undefined || selection === null || selection.isCollapsed) return undefined;
      return placeIn(node, selection.getRangeAt(0), node.data);
    };
    const reading = (): number => {
      const unit = unitAt(holder.current, READING_LINE);
      return Number.isFinite(unit) ? unit : 0;
    };
    handle.current = { reveal, select, selected, reading };
    return () => {
      handle.current = null;
    };
  }, [holder, handle]);
}

/** Beneath the bar at the top: what stands there is being read. */
const READING_LINE = 76;
/** To find what stands there takes a long text a millisecond or two: not at each frame. */
const LOOK_MS = 100;

/** Tell which claim is being read, as the page is scrolled: the first from what stands on a line of the window. */
function useReadingPlace(
  holder: RefObject<HTMLElement | null>,
  marks: readonly Mark[],
  onRead: (claim: string) => void,
): void {
  useEffect(() => {
    let timer: number | undefined;
    let told: string | undefined;
    const look = (): void => {
      timer = undefined;
      const read = firstFrom(marks, unitAt(holder.current, READING_LINE))?.id;
      if (read === undefined || read === told) return;
      told = read;
      onRead(read);
    };
    const onScroll = (): void => {
      timer ??= window.setTimeout(look, LOOK_MS);
    };
    window.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      window.removeEventListener("scroll", onScroll);
      window.clearTimeout(timer);
    };
  }, [holder, marks, onRead]);
}

/** The position in the text at a height of the window; its start, where the text begins further down. */
function unitAt(holder: HTMLElement | null, height: number): number {
  const box = holder?.getBoundingClientRect();
  if (box === undefined || box.top >= height) return 0;
  const caret = document.caretPositionFromPoint(box.left + box.width / 2, height);
  return caret !== null && caret.offsetNode === textOf(holder) ? caret.offset : Number.POSITIVE_INFINITY;
}
