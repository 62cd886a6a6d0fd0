// Claims painted where they stand, by the CSS Custom Highlight API: the text stays one text, whatever overlaps.
import { type RefObject, useLayoutEffect, useMemo } from "react";
import { overlaps, type Place } from "../text/places.ts";
import type { Mark } from "./marks.ts";

const PRIORITY = { overlap: 1, proposed: 2, active: 3 };

/** Paint the marks over the text of `holder`, whose only child is that text. What did not change is not painted anew. */
export function useHighlights(
  holder: RefObject<HTMLElement | null>,
  text: string,
  marks: readonly Mark[],
  active: string | undefined,
  proposed: Place | undefined,
): void {
  const layers = useMemo(() => {
    const statuses = new Set(marks.map((mark) => mark.status));
    return [
      ...[...statuses].map((status) => ({
        name: `claim-${status.toLowerCase()}`,
        places: marks.filter((mark) => mark.status === status),
      })),
      { name: "claim-overlap", places: overlaps(marks), priority: PRIORITY.overlap },
    ];
  }, [marks]);
  const chosen = useMemo(
    () => [
      {
        name: "claim-active",
        places: marks.filter((mark) => mark.id === active),
        priority: PRIORITY.active,
      },
    ],
    [marks, active],
  );
  const wanted = useMemo(
    () => [
      {
        name: "claim-proposed",
        places: proposed === undefined ? [] : [proposed],
        priority: PRIORITY.proposed,
      },
    ],
    [proposed],
  );
  usePainted(holder, text, layers);
  usePainted(holder, text, chosen);
  usePainted(holder, text, wanted);
}

interface Layer {
  readonly name: string;
  readonly places: readonly Place[];
  readonly priority?: number;
}

function usePainted(holder: RefObject<HTMLElement | null>, text: string, layers: readonly Layer[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: with another text the ranges are other ones.
  useLayoutEffect(() => {
    const node = textOf(holder.current);
    if (node === undefined || !("highlights" in CSS)) return undefined;
    const painted = layers.filter(({ places }) => places.length > 0);
    for (const { name, places, priority = 0 } of painted) {
      const highlight = new Highlight(...places.map((place) => rangeOf(node, place)));
      highlight.priority = priority;
      CSS.highlights.set(name, highlight);
    }
    return () => {
      for (const { name } of painted) CSS.highlights.delete(name);
    };
  }, [holder, text, layers]);
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
