// How many writes succeeded since the page was opened: lists that are kept past the client's cache ask again.

const listeners = new Set<() => void>();
let writes = 0;

export function countWrites(): number {
  return writes;
}

export function listenToWrites(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function announceWrite(): void {
  writes += 1;
  for (const listener of listeners) listener();
}
