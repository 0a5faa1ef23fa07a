/**
 * Views from what a notebook keeps of them (wfnb/watching/saving.py), without a kernel.
 *
 * Knows: which views there are. Does not know: notebooks, widgets.
 * Holds: what is kept may have been written by anybody. It is checked before a view gets it; null
 *   if it is not what the view needs, or the view cannot draw it.
 */

import { mountGraph } from '../graph/view';
import { mountProblems } from '../problems/view';
import { EMPTY, own } from '../protocol/fold';
import { Feed } from '../protocol/feed';
import { IState } from '../protocol/state';
import { storyOf } from '../story/decode';
import { mountStory } from '../story/view';

type Mount = (host: HTMLElement, kept: { readonly snapshot?: unknown; readonly data?: unknown }) => () => void;

const VIEWS: { readonly [name: string]: Mount } = {
  problems: (host, kept) => mountProblems(host, feedOf(kept.snapshot)),
  graph: (host, kept) =>
    mountGraph(host, feedOf(kept.snapshot), {
      data: () => JSON.stringify(kept.data ?? null),
      isLive: () => true, // it says by itself that nothing runs
      onChange: () => () => undefined
    }),
  story: (host, kept) => {
    const story = storyOf(kept.data);
    if (typeof story === 'string') {
      throw new Error(story);
    }
    return mountStory(host, story);
  }
};

/** Show a view as it was kept; returns what takes it away, or null. */
export function mountSaved(host: HTMLElement, name: string, kept: unknown): (() => void) | null {
  const mount = own(VIEWS, name);
  const found = kept as { version?: unknown } | null | undefined;
  if (!mount || found?.version !== 1) {
    return null;
  }
  try {
    return mount(host, found as { snapshot?: unknown; data?: unknown });
  } catch {
    host.replaceChildren();
    return null;
  }
}

/** A feed that stands still. Throws if there is nothing to feed it. */
function feedOf(snapshot: unknown): Feed {
  const feed = new Feed();
  feed.take(sound(snapshot));
  if (!feed.isOpen) {
    throw new Error('there is no snapshot');
  }
  return feed;
}

/** A snapshot whose state has the fields that views go through; null if it is none. */
function sound(snapshot: unknown): unknown {
  const found = snapshot as { kind?: unknown; state?: Partial<IState> } | null | undefined;
  const state = found?.state;
  if (found?.kind !== 'snapshot' || typeof state !== 'object' || state === null) {
    return null;
  }
  const problems = Array.isArray(state.problems) ? state.problems.filter(isProblem) : [];
  const mapping = <V>(one: V | undefined, instead: V): V =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? one : instead;
  const whole: IState = {
    ...EMPTY,
    problems,
    nodes: mapping(state.nodes, EMPTY.nodes),
    edges: mapping(state.edges, EMPTY.edges),
    tasks: mapping(state.tasks, EMPTY.tasks)
  };
  return { ...found, state: whole };
}

function isProblem(one: unknown): boolean {
  const found = one as { readonly [name: string]: unknown } | null;
  return (
    typeof found === 'object' &&
    found !== null &&
    ['code', 'severity', 'message', 'place', 'fix', 'source'].every(
      name => typeof found[name] === 'string'
    ) &&
    Array.isArray(found['reasons']) &&
    found['reasons'].every(reason => typeof reason === 'string')
  );
}
