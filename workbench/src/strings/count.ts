export const LANGUAGE = "en";

const plurals = new Intl.PluralRules(LANGUAGE);
export const numbers = new Intl.NumberFormat(LANGUAGE);

/** "1 report", "14 reports". */
export function count(n: number, one: string, other: string): string {
  return `${numbers.format(n)} ${plurals.select(n) === "one" ? one : other}`;
}
