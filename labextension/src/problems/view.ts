/**
 * The problems view: one entry per cause, under the cell that it is about, with what to do.
 *
 * Knows: problems. Does not know: who tells of them; what a cell is to a front end.
 * Holds: drawn again only when the problems or what was checked have changed.
 */

import './problems.css';
import { FOCUS, makeRoot } from '../dom/root';
import { h } from '../dom/elements';
import { severityWord } from '../dom/terms';
import { tr } from '../dom/words';
import { Feed } from '../protocol/feed';
import { IProblem } from '../protocol/kinds';
import { byCell, checked, IGroup, splitPlace, summary } from './grouping';

const SIGNS: { readonly [severity: string]: string } = { error: '✖', warning: '▲', note: '●' };

export interface IProblemsOptions {
  /** Shows a place to the reader; without it, places are mere text. */
  readonly go?: (place: string) => void;
}

/** Show the problems within `host`; returns what takes them away. */
export function mountProblems(
  host: HTMLElement,
  feed: Feed,
  options: IProblemsOptions = {}
): () => void {
  const root = makeRoot(host, 'problems', tr('Problems with the rules'));
  const heading = h('h2', { class: 'wfnb-problems-summary' });
  const list = h('div');
  root.element.append(heading, list);
  let shown = '';
  const draw = () => {
    const { problems } = feed.state;
    const told = feed.isOpen ? summary(problems) : tr('waiting for the kernel');
    const around = feed.isOpen && !problems.length ? checked(feed.state) : '';
    const key = JSON.stringify([told, around, problems]);
    if (key === shown) {
      return;
    }
    shown = key;
    heading.textContent = told;
    heading.dataset['worst'] = problems[0] ? worst(problems) : 'none';
    list.replaceChildren(
      ...(around ? [h('p', {}, around)] : byCell(problems).map(one => group(one, options)))
    );
    root.say(`${told}. ${around}`);
  };
  root.onEnd(feed.onState(draw));
  draw();
  return root.end;
}

function worst(problems: readonly IProblem[]): string {
  return Object.keys(SIGNS).find(one => problems.some(p => p.severity === one)) ?? 'note';
}

function group({ cell, problems }: IGroup, options: IProblemsOptions): HTMLElement {
  return h(
    'section',
    {},
    h('h3', {}, cell || tr('The rules together')),
    h('ul', {}, ...problems.map(one => entry(one, options)))
  );
}

function entry(problem: IProblem, options: IProblemsOptions): HTMLElement {
  return h(
    'li',
    { class: 'wfnb-problem', 'data-severity': problem.severity },
    h(
      'p',
      { class: 'wfnb-problem-what' },
      h('span', { class: 'wfnb-sign', 'aria-hidden': 'true' }, SIGNS[problem.severity] ?? '●'),
      h('span', { class: 'wfnb-severity' }, `${severityWord(problem.severity)} ${problem.code}`),
      ' ',
      h('span', { class: 'wfnb-code' }, problem.message),
      where(problem, options)
    ),
    problem.source && h('pre', { class: 'wfnb-code wfnb-source' }, problem.source),
    problem.reasons.length > 0 &&
      h('ul', { class: 'wfnb-reasons' }, ...problem.reasons.map(one => h('li', {}, one))),
    problem.fix && h('p', { class: 'wfnb-fix' }, `→ ${problem.fix}`)
  );
}

function where(problem: IProblem, { go }: IProblemsOptions): HTMLElement | false {
  const { line } = splitPlace(problem.place);
  if (line === null) {
    return false;
  }
  const text = tr('line %1', line);
  if (!go) {
    return h('span', { class: 'wfnb-line' }, ` ${text}`);
  }
  const label = tr('Go to %1', problem.place);
  const button = h('button', { ...FOCUS, 'aria-label': label }, text);
  button.addEventListener('click', () => go(problem.place));
  return button;
}
