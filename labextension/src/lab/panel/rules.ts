/**
 * The rules: those of the active cell first, with what is remembered of each.
 *
 * Knows: nodes, counts. Does not know: who defines rules.
 * Holds: drawn again only when something in it has changed; the focus stays on the same rule.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { FOCUS } from '../../dom/root';
import { h } from '../../dom/elements';
import { own } from '../../protocol/fold';
import { INode, IState } from '../../protocol/kinds';
import { Go, IPlace } from '../places';
import { isUsersRule } from '../texts';
import { Fold } from './section';

export interface IRow {
  readonly node: INode;
  readonly isHere: boolean;
  readonly known: number;
  readonly stale: number;
}

export class RulesSection {
  readonly fold: Fold;
  private drawn = '';

  constructor(
    private readonly go: Go,
    private readonly trans: TranslationBundle
  ) {
    this.fold = new Fold(trans.__('Rules'));
  }

  update(state: IState, cell: string): void {
    const rows = rowsOf(state, cell);
    const key = JSON.stringify(rows.map(row => [row.node, row.isHere, row.known, row.stale]));
    if (key === this.drawn) {
      return;
    }
    this.drawn = key;
    const { trans } = this;
    const known = rows.reduce((sum, row) => sum + row.known, 0);
    this.fold.say(known ? trans._n('%1 task remembered', '%1 tasks remembered', known) : '');
    const focused = document.activeElement?.getAttribute('data-rule');
    const here = rows.filter(row => row.isHere);
    const others = rows.filter(row => !row.isHere);
    this.fold.body.replaceChildren(
      ...(rows.length ? [] : [h('p', { class: 'wfnb-side-text' }, trans.__('There are no rules yet.'))]),
      ...this.group(trans.__('In this cell'), here),
      ...this.group(here.length ? trans.__('Elsewhere') : '', others)
    );
    if (focused) {
      const all = this.fold.body.querySelectorAll<HTMLElement>('[data-rule]');
      [...all].find(one => one.dataset['rule'] === focused)?.focus();
    }
  }

  private group(title: string, rows: readonly IRow[]): HTMLElement[] {
    if (!rows.length) {
      return [];
    }
    const list = h('ul', {}, ...rows.map(row => this.row(row)));
    return title ? [h('h3', {}, title), list] : [list];
  }

  private row({ node, known, stale }: IRow): HTMLElement {
    const { trans } = this;
    const told = [
      known ? trans.__('%1 remembered', known) : trans.__('nothing remembered'),
      stale ? trans.__('%1 to redo', stale) : ''
    ].filter(Boolean);
    const label = `${node.label}, ${node.place}: ${told.join(', ')}`;
    const attributes = { ...FOCUS, type: 'button', 'data-rule': node.id, 'aria-label': label };
    const button = h(
      'button',
      { ...attributes, class: 'wfnb-side-rule' },
      h('code', {}, node.label),
      h('span', { class: 'wfnb-side-note' }, node.place)
    );
    button.addEventListener('click', () => void this.go(placeOf(node)));
    const sign = stale ? '◐' : known ? '✔' : '○';
    const counts = h('span', { class: 'wfnb-side-counts', 'data-stale': stale > 0 }, `${sign} ${told.join(' · ')}`);
    return h('li', {}, button, counts);
  }
}

/** Rules of a cell, then the others; each group by name. */
export function rowsOf(state: IState, cell: string): readonly IRow[] {
  return Object.values(state.nodes)
    .filter(isUsersRule)
    .map(node => ({
      node,
      isHere: cell !== '' && node.cell === cell,
      ...(own(state.tasks, node.id) ?? { known: 0, stale: 0 })
    }))
    .sort((a, b) => Number(b.isHere) - Number(a.isHere) || compare(a.node, b.node));
}

function compare(a: INode, b: INode): number {
  return a.label < b.label ? -1 : a.label > b.label ? 1 : 0;
}

/** Where a rule is defined. */
export function placeOf(node: INode): IPlace {
  const { cell, place, extent } = node;
  return { cell, place, line: extent?.line ?? lineIn(place), source: extent?.text ?? '' };
}

function lineIn(place: string): number | null {
  const line = /, line (\d+)$/.exec(place)?.[1];
  return line === undefined ? null : Number(line);
}
