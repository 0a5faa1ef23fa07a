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

const SUBSHELL_MS = 500; // to start one takes 30 ms; without subshells it never comes

interface IMessage {
  readonly content?: { readonly data?: unknown };
}

interface IComm {
  on_msg(listener: (message: IMessage) => void): void;
}

/** A comm of JupyterLab's own. Its subshell may still be starting, and only what is sent after
 * that gets to the kernel beside a cell. */
interface IKernelComm {
  readonly subshellStarted?: Promise<void>;
  onMsg: (message: IMessage) => void;
  open(data: unknown): unknown;
}

interface IManager {
  readonly _create_comm?: (target: string, id: string, data: unknown) => Promise<IComm>;
  readonly kernel?: {
    readonly createComm?: (target: string, id: string) => IKernelComm;
    readonly interrupt?: () => Promise<void>;
  } | null;
}

/**
 * The control that a widget's manager gives.
 *
 * @param target where the kernel takes comms; each load of wfnb has its own.
 */
export function controlOf(manager: unknown, target: string): IControl {
  const known = (manager ?? {}) as IManager;
  const kernel = known.kernel;
  return {
    ask: message => answered(known, target, message),
    interrupt: kernel?.interrupt ? () => kernel.interrupt!() : null
  };
}

async function answered(
  manager: IManager,
  target: string,
  message: unknown
): Promise<IAnswer | null> {
  try {
    return await Promise.race([asked(manager, target, message), later(PATIENCE_MS)]);
  } catch {
    return null; // the kernel has gone
  }
}

async function asked(
  manager: IManager,
  target: string,
  message: unknown
): Promise<IAnswer | null> {
  if (manager.kernel?.createComm) {
    const comm = manager.kernel.createComm(target, randomId());
    if (comm.subshellStarted) {
      await Promise.race([comm.subshellStarted, later(SUBSHELL_MS)]);
    }
    return new Promise(done => {
      comm.onMsg = heard => done(answerOf(heard.content?.data));
      comm.open(message);
    });
  }
  if (manager._create_comm) {
    const comm = await manager._create_comm(target, randomId(), message);
    return new Promise(done => comm.on_msg(heard => done(answerOf(heard.content?.data))));
  }
  return null;
}

function later(ms: number): Promise<null> {
  return new Promise(done => window.setTimeout(() => done(null), ms));
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map(one => one.toString(16).padStart(2, '0')).join('');
}
