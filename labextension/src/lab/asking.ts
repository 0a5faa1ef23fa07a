/**
 * Asking a kernel, with an end to the patience.
 *
 * Knows: that a kernel may be busy, or go. Does not know: what is asked.
 */

import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject } from '@lumino/coreutils';
import { IControl, PATIENCE_MS } from '../protocol/control';
import { IAnswer, IEngine } from './tokens';

/** The answer; null if there was none in time. */
export async function ask(
  engine: IEngine,
  what: JSONObject,
  patienceMs = PATIENCE_MS
): Promise<IAnswer | null> {
  let timer = 0;
  const late = new Promise<null>(done => {
    timer = window.setTimeout(() => done(null), patienceMs);
  });
  try {
    return await Promise.race([engine.ask(what), late]);
  } catch {
    return null; // the kernel has gone
  } finally {
    window.clearTimeout(timer);
  }
}

/** What views ask a kernel with. */
export function controlOf(engine: IEngine, panel: NotebookPanel): IControl {
  return {
    ask: message => ask(engine, message as JSONObject),
    interrupt: async () => panel.sessionContext.session?.kernel?.interrupt()
  };
}
