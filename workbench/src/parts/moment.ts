// Moments of the record, in UTC as all its times are.

/** "2019-12-31". */
export function day(moment: string): string {
  return moment.slice(0, 10);
}

/** The instant that "2019-12-31T21:05:00Z" names; of a day alone, when it was over; null of what is neither. */
export function instant(moment: string): string | null {
  const spelled = /^\d{4}-\d\d-\d\d$/.test(moment) ? `${moment}T23:59:59.999Z` : moment;
  return WITH_OFFSET.test(spelled) && !Number.isNaN(Date.parse(spelled)) ? spelled : null;
}

/** As the API takes it: a browser reads far more, "-1" for one. */
const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** "2019-12-31 21:05". */
export function minute(moment: string): string {
  return new Date(moment).toISOString().slice(0, 16).replace("T", " ");
}
