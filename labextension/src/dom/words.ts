/**
 * Words: the way that each phrase takes before a view shows it.
 *
 * Knows: as much of JupyterLab's TranslationBundle as views need.
 * Does not know: languages; who gives a translator, and whether anybody does.
 * Holds: without a translator all is English. A phrase is looked up whenever it is shown, so that a
 *   translator may come late. What is put into a phrase stays as it is, "%1" in a user's text, too.
 */

/** What translates: JupyterLab's TranslationBundle, or anything that does the same. */
export interface IWords {
  /** A phrase; "%1" stands for the first value. */
  __(text: string, ...values: readonly unknown[]): string;
  /** A phrase about a number, which is "%1". */
  _n(singular: string, plural: string, number: number, ...values: readonly unknown[]): string;
}

const ENGLISH: IWords = {
  __: text => text,
  _n: (singular, plural, number) => (number === 1 ? singular : plural)
};

let spoken = ENGLISH;

/** Have all views speak through this from now on; without it, English again. */
export function speak(words: IWords = ENGLISH): void {
  spoken = words;
}

/** A phrase in the reader's language; "%1" is the first value, "%2" the second. */
export function tr(text: string, ...values: readonly (string | number)[]): string {
  return fill(spoken.__(text, ...holders(1, values.length)), values);
}

/** A phrase about a number of things; "%1" is the number, "%2" the first value. */
export function trn(
  singular: string,
  plural: string,
  number: number,
  ...values: readonly (string | number)[]
): string {
  const written = number.toLocaleString('en');
  const found = spoken._n(singular, plural, number, ...holders(2, values.length));
  // a translator puts in the number as it is, and before the values there is no other one
  return fill(found.replaceAll(String(number), written), [written, ...values]);
}

/** What a translator is given for values: their own places, as it may read signs in values. */
function holders(first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `%${first + n}`);
}

function fill(text: string, values: readonly (string | number)[]): string {
  return text.replace(/%(\d)/g, (place, n) => String(values[Number(n) - 1] ?? place));
}
