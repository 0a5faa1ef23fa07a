/** Icons: two rules and what they make; a question; what comes after. */

import { LabIcon } from '@jupyterlab/ui-components';

const icon = (name: string, paths: string) =>
  new LabIcon({
    name: `wfnb:${name}`,
    svgstr:
      '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
      `<g class="jp-icon3" fill="#616161">${paths}</g></svg>`
  });

export const wfnbIcon = icon(
  'rules',
  '<path d="M3 3h7v5H3zM14 3h7v5h-7zM8 16h8v5H8zM6 8h1.6l3.4 6.2h2L16.400 8H18l-4.200 8h-3.600z"/>'
);
export const whyIcon = icon(
  'why',
  '<path d="M12 5a7 7 0 0 0-7 7H2l4 5 4-5H7a5 5 0 0 1 9-3l1.500-1.500A7 7 0 0 0 12 5zM18 12a5 5 0 0 1-9 3L7.500 16.500A7 7 0 0 0 19 12h3l-4-5-4 5z"/>'
);
export const dependantsIcon = icon(
  'dependants',
  '<path d="M3 4l9 6-9 6zM13 4h8v2h-8zM13 9h8v2h-8zM13 14h8v2h-8zM3 18h18v2H3z"/>'
);
