/** A translator that leaves everything as it is; JupyterLab's own would bring all of its services. */

import type { TranslationBundle } from '@jupyterlab/translation';

const fill = (text: string, given: readonly unknown[]) =>
  text.replace(/%(\d)/g, (_, position) => String(given[Number(position) - 1]));

export const trans = {
  __: (text: string, ...given: unknown[]) => fill(text, given),
  _n: (one: string, more: string, number: number, ...given: unknown[]) =>
    fill(number === 1 ? one : more, [number, ...given])
} as unknown as TranslationBundle;
