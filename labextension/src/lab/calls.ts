/**
 * Whether a cursor is in a call, so that it is worth asking the kernel what the call could ask for.
 *
 * Knows: brackets. Does not know: names.
 */

/** Whether a call is open at the end of a text; strings are not looked at, the kernel does. */
export function isInCall(before: string): boolean {
  let depth = 0;
  for (let place = before.length - 1; place >= 0; place--) {
    const sign = before[place];
    if (sign === ')') {
      depth++;
    } else if (sign === '(' && --depth < 0) {
      return /\w\s*$/.test(before.slice(0, place));
    }
  }
  return false;
}
