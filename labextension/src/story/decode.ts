/** Decode: a story from the text that carries it; with another version, nothing. */

import { IStepStory } from '../protocol/steps';

const VERSION = 1;

/** The story, or why there is none. */
export function storyOf(data: unknown): IStepStory | string {
  if (typeof data !== 'object' || data === null) {
    return 'There is no story here.';
  }
  const found = data as { kind?: unknown; v?: unknown } & Partial<IStepStory>;
  if (found.kind !== 'wfnb-story' || !found.recording || !found.drawing) {
    return 'This is no story.';
  }
  if (found.v !== VERSION) {
    return `This is a story of version ${String(found.v)}, and this view shows version ${VERSION}.`;
  }
  return { recording: found.recording, drawing: found.drawing };
}
