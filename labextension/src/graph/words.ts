/**
 * The words around the picture: what lines mean, what keys do, what is shown, what was asked last.
 *
 * Holds: pure.
 */

import { duration } from '../dom/texts';
import { tr, trn } from '../dom/words';
import { IRequestState } from '../protocol/state';
import { IGraph, IPicture } from './data';

const MOST_NAMES = 3;

export function pictureName(name: string): string {
  switch (name) {
    case 'rules':
      return tr('rules');
    case 'all':
      return tr('rules, and wfnb itself');
    case 'cells':
      return tr('one box per cell or file');
    case 'modules':
      return tr('one box per module');
    default:
      return name;
  }
}

/** What the kinds of lines in a picture mean. */
export function legendOf(picture: IPicture): string {
  const kinds = new Set(
    picture.edges.map(edge => (edge.is_stopped ? 'stopped' : edge.is_rival ? 'rival' : edge.kind))
  );
  return [
    kinds.has('param') && tr('solid: needed before it starts'),
    (kinds.has('get') || kinds.has('call')) && tr('dashed: asked for while it runs'),
    kinds.has('rival') && tr('dotted: could answer, too'),
    kinds.has('stopped') && tr('crossed: stopped by an error')
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What keys do in a picture. */
export function keysOf(picture: IPicture): string {
  const [back, on, beside] = picture.direction === 'down' ? ['↑', '↓', '← →'] : ['←', '→', '↑ ↓'];
  const keys = [
    tr('%1 who makes it', back),
    tr('%1 who asks', on),
    tr('%1 beside', beside),
    tr('Enter details'),
    tr('Esc back'),
    tr('F only what concerns it'),
    tr('+ − 0 zoom, or Ctrl and the wheel'),
    tr('Shift and arrows move')
  ];
  return tr('Keys: %1', keys.join(' · '));
}

/** Which part of a picture is shown. */
export function partOf(graph: IGraph, about: readonly string[], shown: number, all: number): string {
  const names = about.map(id => graph.nodes.find(node => node.id === id)?.name ?? '');
  const more = names.length > MOST_NAMES ? ', …' : '';
  const whom = names.slice(0, MOST_NAMES).join(', ') + more;
  return trn(
    'What concerns %2: %3 of %1 box',
    'What concerns %2: %3 of %1 boxes',
    all,
    whom,
    shown.toLocaleString('en')
  );
}

/** What became of a request; `now_s` is what time it is for the kernel. */
export function requestText(request: IRequestState, now_s: number): string {
  if (request.outcome === 'running') {
    const { product } = request;
    const what = request.is_stopping
      ? `■ ${tr('stopping %1', product)}`
      : `▶ ${tr('running %1', product)}`;
    return `${what} · ${duration(now_s - request.started_s)}`;
  }
  const took = (request.ended_s ?? request.started_s) - request.started_s;
  const sign = request.outcome === 'answered' ? '✔' : '✖';
  const error = request.error ? ` · ${request.error}` : '';
  return `${sign} ${lastText(request, duration(took))}${error}`;
}

function lastText({ product, outcome }: IRequestState, time: string): string {
  switch (outcome) {
    case 'answered':
      return tr('last request: %1 answered in %2', product, time);
    case 'failed':
      return tr('last request: %1 failed in %2', product, time);
    case 'interrupted':
      return tr('last request: %1 interrupted in %2', product, time);
    case 'refused':
      return tr('last request: %1 refused in %2', product, time);
    case 'started over':
      return tr('last request: %1 started over in %2', product, time);
    default:
      return tr('last request: %1 %2 in %3', product, outcome, time);
  }
}
