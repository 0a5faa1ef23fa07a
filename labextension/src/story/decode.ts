/** Decode: a story from the text that carries it; with another version, nothing. */

import { tr } from '../dom/words';
import { IStepStory } from '../protocol/steps';

const VERSION = 1;

/** The story, or why there is none. */
export function storyOf(data: unknown): IStepStory | string {
  if (typeof data !== 'object' || data === null) {
    return tr('There is no story here.');
  }
  const found = data as { kind?: unknown; v?: unknown } & Partial<IStepStory>;
  if (found.kind !== 'wfnb-story' || !found.recording || !found.drawing) {
    return tr('This is no story.');
  }
  if (found.v !== VERSION) {
    return tr(
      'This is a story of version %1, and this view shows version %2.',
      String(found.v),
      VERSION
    );
  }
  return { recording: found.recording, drawing: found.drawing };
}
