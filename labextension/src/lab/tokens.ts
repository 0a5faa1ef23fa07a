/**
 * What the plugins of the extension share.
 *
 * Knows: engines by notebook. Does not know: how a kernel tells of them.
 */

import { NotebookPanel } from '@jupyterlab/notebook';
import { JSONObject, Token } from '@lumino/coreutils';
import { ISignal } from '@lumino/signaling';
import { Feed } from '../protocol/feed';
import type { ISpot, IWhy } from './answers';

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

/** What has to be told in the side panel, and where it leads. */
export interface ITold {
  readonly title: string;
  /** A sentence; "" when the rest says all. */
  readonly text: string;
  readonly spots?: readonly ISpot[];
  readonly whys?: readonly IWhy[];
}

export type Section = 'answer' | 'requests' | 'problems' | 'rules' | 'graph';

export interface ISide {
  /** Show the panel, and the section open. */
  open(section?: Section): void;
  /** Show the panel with this in it. */
  tell(told: ITold): void;
}

export const ISide = new Token<ISide>('wfnb:ISide', 'The side panel of wfnb.');
