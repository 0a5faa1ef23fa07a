// Written from wfnb/events/steps.py by `python -m wfnb.events.typescript`; do not edit.

/** A task that steps are about. */
export interface IStepTask {
  /** "resize(Photo('a.jpg'))". */
  readonly task: string;
  /** the id of its rule's node, as in events. */
  readonly rule: string;
  /** of its rule, to be read. */
  readonly name: string;
  /** the name of what it makes. */
  readonly product: string;
  /** position in the recording's `sources`; None if its text is not at hand. */
  readonly source: number | null;
  /** positions of the tasks that its value was made from, as far as steps tell of them. */
  readonly stands_on: readonly number[];
}

/** One step. */
export interface IStep {
  readonly kind: 'asked' | 'reused' | 'checked' | 'started' | 'suspended' | 'resumed' | 'finished' | 'failed' | 'cleaned' | 'put back' | 'cut off';
  /** seconds since the request began. */
  readonly at_s: number;
  /** position in the recording's `tasks`. */
  readonly task: number;
  /** the task whose body asks, likewise; None for the request itself, and where no one does. */
  readonly by: number | null;
  /** 0 is the thread that asked. */
  readonly worker: number;
  /**
   * the line of the await that is asked from, or stood at; of "failed", the line that raised; ""
   * elsewhere.
   */
  readonly place: string;
  /** of "finished" the value, of "failed" the error, of "started" the cause; as short text. */
  readonly note: string;
  /** the same as a line of the body's own source; None where it is in none. */
  readonly line: number | null;
  /** of "asked" and "reused", which request of its MultiGet this is, from 1 on. */
  readonly part: number;
  /** how many those are together; they are steps that follow each other. */
  readonly parts: number;
}

/** The text of a body as it was when it ran. */
export interface ISource {
  /** of its first line: "In [3], line 2". */
  readonly place: string;
  /** the number of that line. */
  readonly first: number;
  /** without what all of them are indented by; the first ones, if there are many. */
  readonly lines: readonly string[];
  /** how many more there are. */
  readonly left_out: number;
}

/** What one request did, step by step. */
export interface IRecording {
  /** its number, as in events; 0 for one that was answered from memory at once. */
  readonly request: number;
  readonly product: string;
  readonly params: readonly string[];
  /** as in events, or "remembered". */
  readonly outcome: string;
  readonly tasks: readonly IStepTask[];
  readonly steps: readonly IStep[];
  /** how many steps came after the last one that was kept, at least. */
  readonly dropped: number;
  readonly sources: readonly ISource[];
  /** the story of the request: what ran, was kept and reused, with the reasons. */
  readonly text: string;
}

/** A task in the drawing of a recording, or all tasks of one rule that have no box of their own. */
export interface ITaskBox {
  /** positions in the recording's `tasks`; one for a box of its own. */
  readonly tasks: readonly number[];
  /** the upper line. */
  readonly name: string;
  /** the lower line. */
  readonly detail: string;
  /** of its middle, in pixels, as all that follows. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** From a task to who asked for it, or to what stands on it. */
export interface ITaskLine {
  /** position in the drawing's `boxes`, as is `target`. */
  readonly source: number;
  readonly target: number;
  /** x, y, x, y, …: curved between points 2n and 2n + 1, straight between the others. */
  readonly points: readonly number[];
  /** whether it leads against the direction of the drawing. */
  readonly is_back: boolean;
  /** whether it ends where it starts. */
  readonly is_loop: boolean;
}

/** Where everything goes. */
export interface ITaskDrawing {
  /** "down" or "right": which way lines lead. */
  readonly direction: string;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ITaskBox[];
  readonly lines: readonly ITaskLine[];
}

/** All that a view needs to go through a request: what a saved story holds. */
export interface IStepStory {
  readonly recording: IRecording;
  readonly drawing: ITaskDrawing;
}
