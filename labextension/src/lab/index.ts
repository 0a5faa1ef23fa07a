/**
 * The JupyterLab extension: one plugin a file, all of them here.
 *
 *   tokens.ts    what they share          engines.ts  notebooks and their kernels
 *   store.ts     what kernels have told   carrier.ts  comms with one kernel
 *   status.ts    the status bar           texts.ts    what is said in few words
 */

import './lab.css';
import { enginesPlugin } from './engines';
import { statusPlugin } from './status';

export default [enginesPlugin, statusPlugin];
