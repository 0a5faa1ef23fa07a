/**
 * Parts of a graph: what concerns some nodes, what a search finds, where keys lead.
 *
 * Knows: boxes and edges of one picture.
 * Does not know: how anything is drawn.
 * Holds: pure.
 */

import { IBox, IGraph, IGraphNode, IPicture } from './data';

export type Step = 'makers' | 'askers' | 'before' | 'after';

/** What nodes stand on, and what stands on them; themselves, too. */
export function reach(picture: IPicture, from: Iterable<number>): ReadonlySet<number> {
  const start = [...from];
  const below = follow(picture, start, edge => [edge.target, edge.source]);
  return new Set([...below, ...follow(picture, start, edge => [edge.source, edge.target])]);
}

function follow(
  picture: IPicture,
  start: readonly number[],
  ends: (edge: IPicture['edges'][number]) => [number, number]
): Set<number> {
  const following = new Map<number, number[]>();
  for (const edge of picture.edges) {
    const [from, to] = ends(edge);
    following.set(from, [...(following.get(from) ?? []), to]);
  }
  const seen = new Set(start);
  const rest = [...start];
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    for (const other of following.get(node) ?? []) {
      if (!seen.has(other)) {
        seen.add(other);
        rest.push(other);
      }
    }
  }
  return seen;
}

/** The node of another graph that is the same one, or was: with other types, a rule has another id. */
export function findAgain(graph: IGraph, node: IGraphNode): number | null {
  const same = graph.nodes.findIndex(one => one.id === node.id);
  const was = graph.nodes.findIndex(
    one => one.kind === node.kind && one.name === node.name && one.module === node.module
  );
  return same >= 0 ? same : was >= 0 ? was : null;
}

/** Node → the node whose box stands for it in this picture: itself, or its group. */
export function homes(graph: IGraph, picture: IPicture): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { node } of picture.boxes) {
    (graph.nodes[node]?.members ?? []).forEach(member => found.set(member, node));
  }
  picture.boxes.forEach(({ node }) => found.set(node, node));
  return found;
}

/** Nodes, other than groups, with all the words of a text; those whose names begin so first. */
export function search(graph: IGraph, text: string): readonly number[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) {
    return [];
  }
  const hits = graph.nodes
    .map((node, number) => ({ node, number }))
    .filter(({ node }) => node.kind !== 'group')
    .filter(({ node }) => words.every(word => searched(node).includes(word)));
  const rank = (node: IGraphNode) => {
    const name = node.name.toLowerCase();
    return words.some(word => name.startsWith(word)) ? 0 : words.some(w => name.includes(w)) ? 1 : 2;
  };
  hits.sort((a, b) => rank(a.node) - rank(b.node) || a.number - b.number);
  return hits.map(({ number }) => number);
}

function searched(node: IGraphNode): string {
  return [node.name, node.note, node.word, node.signature, node.group, node.doc]
    .join('\n')
    .toLowerCase();
}

/** The box that a key leads to from another; null if there is none. */
export function stepFrom(picture: IPicture, from: number, step: Step): number | null {
  const at = new Map(picture.boxes.map(box => [box.node, box]));
  const here = at.get(from);
  if (!here) {
    return null;
  }
  const isDown = picture.direction === 'down';
  const along = (box: IBox) => (isDown ? box.x : box.y);
  const across = (box: IBox) => (isDown ? box.y : box.x);
  if (step === 'makers' || step === 'askers') {
    const ends = picture.edges
      .filter(edge => (step === 'makers' ? edge.target : edge.source) === from)
      .map(edge => at.get(step === 'makers' ? edge.source : edge.target))
      .filter((box): box is IBox => box !== undefined && box.node !== from);
    const far = (box: IBox) => Math.abs(along(box) - along(here));
    return ends.sort((a, b) => far(a) - far(b))[0]?.node ?? null;
  }
  const row = picture.boxes
    .filter(box => Math.abs(across(box) - across(here)) < 1)
    .sort((a, b) => along(a) - along(b));
  const next = row.findIndex(box => box.node === from) + (step === 'after' ? 1 : -1);
  return row[next]?.node ?? null;
}
