// Moments of the record, in UTC as all its times are.

/** "2019-12-31". */
export function day(moment: string): string {
  return moment.slice(0, 10);
}

/** "2019-12-31 21:05". */
export function minute(moment: string): string {
  return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
}
