// Claims painted where they stand, by the CSS Custom Highlight API: the text stays one text, whatever overlaps.
import { type RefObject, useLayoutEffect } from "react";
import { overlaps, type Place } from "../text/places.ts";
import type { Mark } from "./marks.ts";

const PRIORITY = { overlap: 1, proposed: 2, active: 3 };

/** Paint the marks over the text of `holder`, whose only child is that text. */
export function useHighlights(
  holder: RefObject<HTMLElement | null>,
  text: string,
  marks: readonly Mark[],
  active: string | undefined,
  proposed: Place | undefined,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another text the ranges are other ones.
  useLayoutEffect(() => {
    const names: string[] = [];
    const paint = (name: string, places: readonly Place[], priority = 0): void => {
      const node = textOf(holder.current);
      if (node === undefined || !("highlights" in CSS) || places.length === 0) return;
      const highlight = new Highlight(...places.map((place) => rangeOf(node, place)));
      highlight.priority = priority;
      CSS.highlights.set(name, highlight);
      names.push(name);
    };
    for (const status of new Set(marks.map((mark) => mark.status))) {
      paint(
        `claim-${status.toLowerCase()}`,
        marks.filter((mark) => mark.status === status),
      );
    }
    paint("claim-overlap", overlaps(marks), PRIORITY.overlap);
    paint(
      "claim-active",
      marks.filter((mark) => mark.id === active),
      PRIORITY.active,
    );
    paint("claim-proposed", proposed === undefined ? [] : [proposed], PRIORITY.proposed);
    return () => {
      for (const name of names) CSS.highlights.delete(name);
    };
  }, [holder, text, marks, active, proposed]);
}

/** The text node of an element that holds nothing else. */
export function textOf(holder: HTMLElement | null): Text | undefined {
  const node = holder?.firstChild;
  return node instanceof Text ? node : undefined;
}

export function rangeOf(node: Text, place: Place): Range {
  const range = document.createRange();
  range.setStart(node, Math.min(place.start, node.length));
  range.setEnd(node, Math.min(place.end, node.length));
  return range;
}
