/**
 * The words around the picture: what lines mean, what keys do, what is shown, what was asked last.
 *
 * Holds: pure.
 */

import { count, duration } from '../dom/texts';
import { IRequestState } from '../protocol/state';
import { IGraph, IPicture } from './data';

const PICTURES: { readonly [name: string]: string } = {
  rules: 'rules',
  all: 'rules, and wfnb itself',
  cells: 'one box per cell or file',
  modules: 'one box per module'
};
const MOST_NAMES = 3;

export function pictureName(name: string): string {
  return PICTURES[name] ?? name;
}

/** What the kinds of lines in a picture mean. */
export function legendOf(picture: IPicture): string {
  const kinds = new Set(
    picture.edges.map(edge => (edge.is_stopped ? 'stopped' : edge.is_rival ? 'rival' : edge.kind))
  );
  return [
    kinds.has('param') && 'solid: needed before it starts',
    (kinds.has('get') || kinds.has('call')) && 'dashed: asked for while it runs',
    kinds.has('rival') && 'dotted: could answer, too',
    kinds.has('stopped') && 'crossed: stopped by an error'
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What keys do in a picture. */
export function keysOf(picture: IPicture): string {
  const [back, on, beside] = picture.direction === 'down' ? ['↑', '↓', '← →'] : ['←', '→', '↑ ↓'];
  return (
    `Keys: ${back} who makes it · ${on} who asks · ${beside} beside · Enter details · Esc back · ` +
    'F only what concerns it · + − 0 zoom, or Ctrl and the wheel · Shift and arrows move'
  );
}

/** Which part of a picture is shown. */
export function partOf(graph: IGraph, about: readonly string[], shown: number, all: number): string {
  const names = about.map(id => graph.nodes.find(node => node.id === id)?.name ?? '');
  const more = names.length > MOST_NAMES ? ', …' : '';
  const whom = names.slice(0, MOST_NAMES).join(', ') + more;
  return `What concerns ${whom}: ${shown.toLocaleString('en')} of ${count(all, 'box', 'boxes')}`;
}

/** What became of a request; `now_s` is what time it is for the kernel. */
export function requestText(request: IRequestState, now_s: number): string {
  if (request.outcome === 'running') {
    const what = request.is_stopping ? '■ stopping' : '▶ running';
    return `${what} ${request.product} · ${duration(now_s - request.started_s)}`;
  }
  const took = (request.ended_s ?? request.started_s) - request.started_s;
  const sign = request.outcome === 'answered' ? '✔' : '✖';
  const error = request.error ? ` · ${request.error}` : '';
  return `${sign} last request: ${request.product} ${request.outcome} in ${duration(took)}${error}`;
}
