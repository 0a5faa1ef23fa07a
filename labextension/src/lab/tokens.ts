/**
 * What the plugins of the extension share.
 *
 * Knows: engines by notebook. Does not know: how a kernel tells of them.
 */

import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject, Token } from '@lumino/coreutils';
import { ISignal } from '@lumino/signaling';
import { Feed } from '../protocol/feed';

/** The engine of one kernel, as far as the kernel has told. */
export interface IEngine {
  /** The kernel's id; it stays when the kernel restarts, and the engine is another then. */
  readonly kernel: string;
  /** What the views of src/ mount with; open from the beginning. */
  readonly feed: Feed;
  /** Have the kernel do something (see wfnb/notebook/control.py), while a cell runs too. */
  ask(what: JSONObject): Promise<IAnswer>;
}

export interface IAnswer extends JSONObject {
  readonly done: boolean;
  /** A sentence about it. */
  readonly text: string;
}

export interface IEngines {
  /** The engine of a notebook's kernel; null while that has no wfnb, or has told nothing yet. */
  of(panel: NotebookPanel | null): IEngine | null;
  /** Whenever an engine has come, gone or moved; or a notebook has another kernel. */
  readonly changed: ISignal<IEngines, void>;
}

export const IEngines = new Token<IEngines>('wfnb:IEngines', 'The engines of notebooks.');
