/**
 * The JupyterLab extension: one plugin a file, all of them here.
 *
 *   tokens.ts    what they share          engines.ts  notebooks and their kernels
 *   store.ts     what kernels have told   carrier.ts  comms with one kernel
 *   status.ts    the status bar           texts.ts    what is said in few words
 *   marks.ts     how a cell's rules stand  standing.ts  the same, as data
 *   squiggles.ts problems in editors       positions.ts where in a text
 *   editors.ts   the editors of cells
 */

import './lab.css';
import { enginesPlugin } from './engines';
import { marksPlugin } from './marks';
import { squigglesPlugin } from './squiggles';
import { statusPlugin } from './status';

export default [enginesPlugin, statusPlugin, squigglesPlugin, marksPlugin];
