/**
 * The panel: all there is to say of one node.
 *
 * Knows: nodes, their edges, what their rules do.
 * Does not know: where the panel stands, what becomes of a click.
 */

import { count, duration } from '../dom/texts';
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
  const close = button('×', actions.close, 'Close');
  close.classList.add('wfnb-panel-close');
  return [
    h('div', { class: 'wfnb-panel-head' }, h('h3', { tabindex: -1 }, `${node.name}`), close),
    h('p', { class: 'wfnb-faint' }, about(node)),
    node.signature ? h('p', { class: 'wfnb-code' }, node.signature) : null,
    node.doc ? h('p', { class: 'wfnb-doc' }, node.doc) : null,
    ...node.problems.map(problem),
    h('div', { class: 'wfnb-doing' }),
    ...choices(node),
    ...links(graph, node.kind === 'rule' || node.kind === 'goal' ? 'Asks' : 'Made by', others('target', 'source'), actions),
    ...links(graph, 'Asked by', others('source', 'target'), actions),
    ...links(graph, 'In it', node.members, actions),
    h('p', {}, button('Show only what concerns it', () => actions.focus(number)))
  ].filter((one): one is HTMLElement => one !== null);
}

/** What a node's rules do, for the place that the panel keeps for it. */
export function drawDoing(host: Element, node: IGraphNode, doing: IDoing): void {
  const words = inWords(doing);
  const seen = doing.seenS >= 0.05 ? `seen running for ${doing.isAtLeast ? 'at least ' : ''}${duration(doing.seenS)}` : '';
  const key = JSON.stringify([words, seen, doing.whys]);
  if (!node.tasks.length || host.getAttribute('data-shown') === key) {
    return;
  }
  host.setAttribute('data-shown', key);
  host.replaceChildren(
    h('h4', {}, 'Tasks'),
    h('p', {}, [...words, seen].filter(Boolean).join(' · ') || 'none yet'),
    ...(doing.whys.length ? [h('ul', {}, ...doing.whys.map(why => h('li', {}, why)))] : [])
  );
}

function about(node: IGraphNode): string {
  return [
    node.word,
    node.kind === 'group' ? node.group : node.note,
    node.place || node.group,
    node.through.length > 0 && `asks wfnb for ${node.through.join(' and ')}`
  ]
    .filter(Boolean)
    .join(' · ');
}

export function problem(found: IProblem): HTMLElement {
  return h(
    'div',
    { class: 'wfnb-problem', 'data-severity': found.severity },
    h(
      'p',
      {},
      h('span', { class: 'wfnb-sign', 'aria-hidden': 'true' }, SIGNS[found.severity] ?? '●'),
      h('span', { class: 'wfnb-severity' }, ` ${found.severity} ${found.code} `),
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
  return [h('h4', {}, 'Who answers'), h('dl', {}, ...node.choices.flatMap(choice))];
}

function choice(one: IChoice): HTMLElement[] {
  const where = one.line === null ? '' : ` line ${one.line}`;
  const perhaps = one.is_sure ? '' : 'depends on what is passed: ';
  const answer = one.chosen.join(' or ') || 'nobody';
  return [
    h('dt', {}, h('span', { class: 'wfnb-code' }, one.what), h('span', { class: 'wfnb-faint' }, where)),
    h('dd', { 'data-answer': one.chosen.length ? 'yes' : 'no' }, `${one.chosen.length ? '✔' : '✖'} ${perhaps}${answer}`),
    ...one.rejected.map(([name, why]) => h('dd', { class: 'wfnb-faint' }, `not ${name}: ${why}`)),
    ...(one.more ? [h('dd', { class: 'wfnb-faint' }, `and not ${count(one.more, 'other')}`)] : [])
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
