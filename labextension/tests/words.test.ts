import { afterEach, describe, expect, it } from 'vitest';
import { severityWord, whyText } from '../src/dom/terms';
import { IWords, speak, tr, trn } from '../src/dom/words';
import { MARKING, unmarked } from './marks';

afterEach(() => speak());

/** Puts values in as JupyterLab's does: "%%" is "%", and numbers are as they are. */
const strfmt = (text: string, given: readonly unknown[]) =>
  text
    .replace(/%%/g, '%% ')
    .replace(/%(\d+)/g, (_, n) => String(given[Number(n) - 1]))
    .replace(/%% /g, '%');

const LATIN: IWords = {
  __: (text, ...given) => strfmt(text === 'the body of %1 starts' ? 'incipit corpus (%1)' : text, given),
  _n: (singular, plural, number, ...given) =>
    strfmt(number === 1 ? singular : plural.replace('rules of', 'regulae ex'), [number, ...given])
};

describe('words', () => {
  it('are English where nobody translates', () => {
    expect(tr('Show all')).toBe('Show all');
    expect(tr('%2 before %1', 'a', 3)).toBe('3 before a');
    expect([0, 1, 2, 1200].map(n => trn('%1 rule', '%1 rules', n))).toEqual([
      '0 rules',
      '1 rule',
      '2 rules',
      '1,200 rules'
    ]);
    expect(trn('%2 of %1 hit', '%2 of %1 hits', 12, 3)).toBe('3 of 12 hits');
  });

  it('are those of the translator, from when it is there', () => {
    const said = () => tr('the body of %1 starts', 'resize()');
    expect(said()).toBe('the body of resize() starts');
    speak(LATIN);
    expect(said()).toBe('incipit corpus (resize())');
    expect(trn('%1 rule of %2', '%1 rules of %2', 1, 'a')).toBe('1 rule of a');
    expect(trn('%1 rule of %2', '%1 rules of %2', 1200, 1200)).toBe('1,200 regulae ex 1200');
    speak();
    expect(said()).toBe('the body of resize() starts');
  });

  it('leave values alone, whatever signs are in them', () => {
    for (const words of [undefined, LATIN, MARKING]) {
      speak(words);
      expect(tr('%1 takes %2', '%2 %% $&', "$1 '100%%'")).toContain("%2 %% $& takes $1 '100%%'");
      expect(trn('%2 of %1', '%2 of %1', 2000, '%1 2000')).toContain('%1 2000 of 2,000');
    }
  });

  it('that are missing show their place', () => {
    expect(tr('%1 takes %2', 'a')).toBe('a takes %2');
  });
});

describe('terms', () => {
  it('are words for what messages name', () => {
    expect(['error', 'warning', 'note', 'fatal'].map(severityWord)).toEqual([
      'error',
      'warning',
      'note',
      'fatal'
    ]);
    const what = ['ran', 'kept', 'failed'] as const;
    expect(what.map(one => whyText({ what: one, text: 'x', count: 2 }, '2'))).toEqual([
      '2 ran: x',
      '2 kept: x',
      '2 failed: x'
    ]);
    speak(MARKING);
    expect(['error', 'warning', 'note'].map(severityWord)).toEqual(['«error»', '«warning»', '«note»']);
    expect(whyText({ what: 'ran', text: 'other reasons', count: 2 }, '2')).toBe('«2 ran: «other reasons»»');
  });
});

describe('marks', () => {
  it('show what has none', () => {
    expect(unmarked('«Right. «x is done»» 1.5 s · ⟦In [3], line 2⟧')).toEqual([]);
    expect(unmarked('«2 errors», 1 note')).toEqual(['note']);
  });
});
