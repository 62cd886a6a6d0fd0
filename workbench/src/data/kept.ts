// What this browser keeps from page to page. Where it keeps nothing, for want of room or by its owner's will, all
// lives as long as the page.

export function readKept(key: string): string | null {
  return store()?.getItem(key) ?? null;
}

export function keep(key: string, text: string): void {
  try {
    store()?.setItem(key, text);
  } catch {
    // It has no room left.
  }
}

export function dropKept(key: string): void {
  store()?.removeItem(key);
}

export function keptKeys(): readonly string[] {
  return Object.keys(store() ?? {});
}

/** A browser that may keep nothing refuses the name alone. */
function store(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
