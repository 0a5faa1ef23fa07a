/** A translator that leaves a mark on each phrase, so that what has not passed it can be seen. */

import { IWords } from '../src/dom/words';

export const MARKING: IWords = {
  __: text => `«${text}»`,
  _n: (singular, plural, number) => `«${number === 1 ? singular : plural}»`
};

/** The words in a text that are in no mark; those in ⟦…⟧ are a user's or the kernel's. */
export function unmarked(text: string): readonly string[] {
  let [rest, before] = [text, ''];
  while (rest !== before) {
    [before, rest] = [rest, rest.replace(/«[^«»]*»|⟦[^«»⟦⟧]*⟧/g, ' ')];
  }
  return rest.match(/[\p{L}_«»⟦⟧]{2,}/gu) ?? [];
}
