/**
 * Terms: the words for what messages have short names for.
 *
 * Knows: how bad a problem can be, what can become of a task.
 * Does not know: where it is shown.
 */

import { IWhy, OTHER_REASONS } from '../protocol/state';
import { tr } from './words';

/** "error", "warning", "note"; what a newer kernel has besides is shown as it is. */
export function severityWord(severity: string): string {
  switch (severity) {
    case 'error':
      return tr('error');
    case 'warning':
      return tr('warning');
    case 'note':
      return tr('note');
    default:
      return severity;
  }
}

/** "2 ran: never ran"; `number` as it is to be written. */
export function whyText({ what, text }: IWhy, number: string): string {
  const why = text === OTHER_REASONS ? tr('other reasons') : text;
  switch (what) {
    case 'ran':
      return tr('%1 ran: %2', number, why);
    case 'kept':
      return tr('%1 kept: %2', number, why);
    case 'failed':
      return tr('%1 failed: %2', number, why);
    case 'loaded':
      return tr('%1 from disk: %2', number, why);
  }
}
