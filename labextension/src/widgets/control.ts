/**
 * Control from an anywidget: over a comm that the page opens itself.
 *
 * What is asked over the comm of a widget, ipykernel 7.4 serves after the cell. A comm that the
 * page opens is served beside it, wherever the kernel has subshells.
 *
 * Knows: as much of a widget manager as JupyterLab's and Notebook 7's have.
 * Does not know: what is asked.
 * Holds: a front end without these says so by a null, and throws nothing.
 */

import { answerOf, IAnswer, IControl, PATIENCE_MS } from '../protocol/control';

const TARGET = 'wfnb.control';

interface IComm {
  on_msg(listener: (message: { content?: { data?: unknown } }) => void): void;
}

interface IManager {
  readonly _create_comm?: (target: string, id: string, data: unknown) => Promise<IComm>;
  readonly kernel?: { interrupt?: () => Promise<void> } | null;
}

/** The control that a widget's manager gives. */
export function controlOf(manager: unknown): IControl {
  const known = (manager ?? {}) as IManager;
  const kernel = known.kernel;
  return {
    ask: message => answered(known, message),
    interrupt: kernel?.interrupt ? () => kernel.interrupt!() : null
  };
}

async function answered(manager: IManager, message: unknown): Promise<IAnswer | null> {
  if (!manager._create_comm) {
    return null;
  }
  const timeout = new Promise<null>(done => window.setTimeout(() => done(null), PATIENCE_MS));
  try {
    const asked = manager
      ._create_comm(TARGET, randomId(), message)
      .then(comm => new Promise<IAnswer | null>(done => comm.on_msg(heard => done(answerOf(heard.content?.data)))));
    return await Promise.race([asked, timeout]);
  } catch {
    return null; // the kernel has gone
  }
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(one => one.toString(16).padStart(2, '0')).join('');
}
