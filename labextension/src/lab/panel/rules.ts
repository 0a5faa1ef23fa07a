/**
 * The rules: those of the active cell first, with what is remembered of each.
 *
 * Knows: nodes, counts. Does not know: who defines rules.
 * Holds: drawn again only when something in it has changed; the focus stays on the same rule.
 */

import { TranslationBundle } from '@jupyterlab/translation';
import { FOCUS } from '../../dom/root';
import { h } from '../../dom/elements';
import { IState } from '../../protocol/state';
import { Go } from '../places';
import { IRow, placeOf, rowsOf } from '../rows';
import { Fold } from './section';

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
