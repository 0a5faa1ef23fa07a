/**
 * The JupyterLab extension: one plugin a file, all of them here.
 *
 *   tokens.ts    what they share          engines.ts    notebooks and their kernels
 *   store.ts     what kernels have told   carrier.ts    comms with one kernel
 *   asking.ts    what kernels are asked   answers.ts    what they answer
 *   status.ts    the status bar           texts.ts      what is said in few words
 *   marks.ts     how a cell's rules stand standing.ts   the same, as data
 *   squiggles.ts problems in editors      positions.ts  where in a text
 *   editors.ts   the editors of cells     places.ts     the way to a cell, lines.ts to a line
 *   side.ts      the side panel           panel/        its sections; rows.ts: its rules, as data
 *   commands.ts  what can be done         icons.ts      how that looks
 *   hover.ts     types under the pointer  completion.ts what a Get can ask for; calls.ts
 *   renderer.ts  views of saved notebooks progress.ts   whether progress is shown under cells
 */

import './lab.css';
import './panel/side.css';
import { commandsPlugin } from './commands';
import { completionPlugin } from './completion';
import { enginesPlugin } from './engines';
import { hoverPlugin } from './hover';
import { marksPlugin } from './marks';
import { progressPlugin } from './progress';
import { rendererPlugin } from './renderer';
import { sidePlugin } from './side';
import { squigglesPlugin } from './squiggles';
import { statusPlugin } from './status';

export default [
  enginesPlugin,
  statusPlugin,
  squigglesPlugin,
  marksPlugin,
  sidePlugin,
  commandsPlugin,
  completionPlugin,
  hoverPlugin,
  rendererPlugin,
  progressPlugin
];
