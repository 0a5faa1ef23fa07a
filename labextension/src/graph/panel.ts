/**
 * The panel: all there is to say of one node.
 *
 * Knows: nodes, their edges, what their rules do.
 * Does not know: where the panel stands, what becomes of a click.
 */

import { severityWord } from '../dom/terms';
import { duration } from '../dom/texts';
import { tr, trn } from '../dom/words';
import { FOCUS } from '../dom/root';
import { h } from '../dom/elements';
import { IChoice, IGraph, IGraphNode, IPicture, IProblem } from './data';
import { IDoing, inWords } from './overlay';

export interface IPanelActions {
  readonly go: (node: number) => void;
  readonly focus: (node: number) => void;
  readonly close: () => void;
}

const SIGNS: { readonly [severity: string]: string } = { error: '✖', warning: '▲', note: '●' };

export function drawPanel(
  graph: IGraph,
  picture: IPicture,
  number: number,
  actions: IPanelActions
): HTMLElement[] {
  const node = graph.nodes[number];
  if (!node) {
    return [];
  }
  const others = (own: 'source' | 'target', other: 'source' | 'target') => [
    ...new Set(picture.edges.filter(edge => edge[own] === number).map(edge => edge[other]))
  ];
  const isRule = node.kind === 'rule' || node.kind === 'goal';
  const close = button('×', actions.close, tr('Close'));
  close.classList.add('wfnb-panel-close');
  return [
    h('div', { class: 'wfnb-panel-head' }, h('h3', { tabindex: -1 }, `${node.name}`), close),
    h('p', { class: 'wfnb-faint' }, about(node)),
    node.signature ? h('p', { class: 'wfnb-code' }, node.signature) : null,
    node.doc ? h('p', { class: 'wfnb-doc' }, node.doc) : null,
    ...node.problems.map(problem),
    h('div', { class: 'wfnb-doing' }),
    ...choices(node),
    ...links(graph, isRule ? tr('Asks') : tr('Made by'), others('target', 'source'), actions),
    ...links(graph, tr('Asked by'), others('source', 'target'), actions),
    ...links(graph, tr('In it'), node.members, actions),
    h('p', {}, button(tr('Show only what concerns it'), () => actions.focus(number)))
  ].filter((one): one is HTMLElement => one !== null);
}

/** What a node's rules do, for the place that the panel keeps for it. */
export function drawDoing(host: Element, node: IGraphNode, doing: IDoing): void {
  const words = inWords(doing);
  const seen = doing.seenS >= 0.05 ? seenText(duration(doing.seenS), doing.isAtLeast) : '';
  const key = JSON.stringify([words, seen, doing.whys]);
  if (!node.tasks.length || host.getAttribute('data-shown') === key) {
    return;
  }
  host.setAttribute('data-shown', key);
  host.replaceChildren(
    h('h4', {}, tr('Tasks')),
    h('p', {}, [...words, seen].filter(Boolean).join(' · ') || tr('none yet')),
    ...(doing.whys.length ? [h('ul', {}, ...doing.whys.map(why => h('li', {}, why)))] : [])
  );
}

function seenText(time: string, isAtLeast: boolean): string {
  return isAtLeast ? tr('seen running for at least %1', time) : tr('seen running for %1', time);
}

function about(node: IGraphNode): string {
  return [
    node.word,
    node.kind === 'group' ? node.group : node.note,
    node.place || node.group,
    throughText(node)
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What it asks of wfnb itself; "" for nothing. */
export function throughText({ through }: IGraphNode): string {
  const names = through.reduce((all, one) => (all ? tr('%1 and %2', all, one) : one), '');
  return names && tr('asks wfnb for %1', names);
}

export function problem(found: IProblem): HTMLElement {
  return h(
    'div',
    { class: 'wfnb-problem', 'data-severity': found.severity },
    h(
      'p',
      {},
      h('span', { class: 'wfnb-sign', 'aria-hidden': 'true' }, SIGNS[found.severity] ?? '●'),
      h('span', { class: 'wfnb-severity' }, ` ${severityWord(found.severity)} ${found.code} `),
      found.message,
      found.place ? h('span', { class: 'wfnb-faint' }, ` ${found.place}`) : null
    ),
    found.reasons.length ? h('ul', {}, ...found.reasons.map(one => h('li', {}, one))) : null,
    found.fix ? h('p', { class: 'wfnb-fix' }, `→ ${found.fix}`) : null
  );
}

function choices(node: IGraphNode): HTMLElement[] {
  if (!node.choices.length) {
    return [];
  }
  return [h('h4', {}, tr('Who answers')), h('dl', {}, ...node.choices.flatMap(choice))];
}

function choice(one: IChoice): HTMLElement[] {
  const where = one.line === null ? '' : ` ${tr('line %1', one.line)}`;
  const names = one.chosen.reduce((all, name) => (all ? tr('%1 or %2', all, name) : name), '');
  const who = names || tr('nobody');
  const answer = one.is_sure ? who : tr('depends on what is passed: %1', who);
  const more = trn('and not %1 other', 'and not %1 others', one.more);
  return [
    h('dt', {}, h('span', { class: 'wfnb-code' }, one.what), h('span', { class: 'wfnb-faint' }, where)),
    h('dd', { 'data-answer': names ? 'yes' : 'no' }, `${names ? '✔' : '✖'} ${answer}`),
    ...one.rejected.map(([name, why]) =>
      h('dd', { class: 'wfnb-faint' }, tr('not %1: %2', name, why))
    ),
    ...(one.more ? [h('dd', { class: 'wfnb-faint' }, more)] : [])
  ];
}

function links(
  graph: IGraph,
  title: string,
  nodes: readonly number[],
  actions: IPanelActions
): HTMLElement[] {
  if (!nodes.length) {
    return [];
  }
  const entries = nodes.map(number => {
    const node = graph.nodes[number];
    return h('li', {}, button(node?.name ?? '', () => actions.go(number)), ` ${node?.word ?? ''}`);
  });
  return [h('h4', {}, title), h('ul', { class: 'wfnb-links' }, ...entries)];
}

export function button(text: string, act: () => void, label?: string): HTMLButtonElement {
  const found = h('button', { ...FOCUS, type: 'button', 'aria-label': label }, text);
  found.addEventListener('click', act);
  return found;
}
