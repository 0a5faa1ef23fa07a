/** Names of tasks, as a recording has them. */

import { IRecording } from '../protocol/steps';

export function nameOf(recording: IRecording, task: number): string {
  return recording.tasks[task]?.task ?? '?';
}
