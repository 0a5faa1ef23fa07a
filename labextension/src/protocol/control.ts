/**
 * Control: what a view may ask of the kernel while a cell runs.
 *
 * Knows: the messages. Does not know: how they get there.
 */

export interface IAnswer {
  readonly done: boolean;
  /** A sentence about it. */
  readonly text: string;
}

export interface IControl {
  /** Ask; null when the kernel has not answered in time, as it may be busy. */
  readonly ask: (message: { readonly [name: string]: unknown }) => Promise<IAnswer | null>;
  /** Interrupt all that the kernel does; null where a view cannot. */
  readonly interrupt: (() => Promise<void>) | null;
}

/** How long a button waits for the kernel before it offers something else. */
export const PATIENCE_MS = 1000;

/** The answer in what a kernel has sent; null if it is none. */
export function answerOf(data: unknown): IAnswer | null {
  const found = data as { done?: unknown; text?: unknown } | null;
  return typeof found?.done === 'boolean' && typeof found.text === 'string'
    ? { done: found.done, text: found.text }
    : null;
}
