import type { RefObject } from "react";
import { say } from "../strings.ts";
import { useShortcuts } from "./shortcuts.tsx";

/** j and k go through a list: they focus the first link of each item, and Enter follows it. */
export function useListKeys(list: RefObject<HTMLElement | null>): void {
  const go = (by: 1 | -1): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>(":scope > li") ?? [])];
    const links = items.flatMap((item) => item.querySelector<HTMLElement>("a") ?? []);
    const at = items.findIndex((item) => item.contains(document.activeElement));
    links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
  };
  useShortcuts(say.shortcuts.here, [
    { keys: "j", label: say.search.nextResult, run: () => go(1) },
    { keys: "k", label: say.search.previousResult, run: () => go(-1) },
  ]);
}
