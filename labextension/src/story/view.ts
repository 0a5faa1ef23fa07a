/**
 * The story view: the last request as a graph of tasks, gone through step by step.
 *
 * Knows: replay, sentences, predictions, and how they are put together.
 * Does not know: where the recording came from; anywidget, Jupyter.
 * Holds: what is shown depends on the number of the step alone, and on what was chosen to look at.
 */

import './story.css';
import { h } from '../dom/elements';
import { FOCUS, makeRoot } from '../dom/root';
import { tr } from '../dom/words';
import { IStepStory } from '../protocol/steps';
import { keys, makeControls } from './controls';
import { makeDetails } from './details';
import { makeGraph } from './graph';
import { choices, IChoice, isQuestion, label, verdict } from './predict';
import { makeQuiz } from './quiz';
import { Replay } from './replay';
import { ending, opening, sentence, title } from './sentences';
import { LOOKS } from './states';

const FAR = 10;

/** Show a story within `host`; returns what takes it away. */
export function mountStory(host: HTMLElement, story: IStepStory): () => void {
  const { recording, drawing } = story;
  const replay = new Replay(recording);
  const root = makeRoot(host, 'story', tr('Step by step: %1', title(recording)));
  let [n, seen] = [0, 0];
  let chosen: { readonly task: number } | { readonly box: number } | null = null;
  let timer: number | undefined;
  let told = '';
  let result: 'right' | 'wrong' | null = null;

  const graph = makeGraph(recording, drawing, box => {
    const [only, ...more] = drawing.boxes[box]?.tasks ?? [];
    chosen = more.length || only === undefined ? { box } : { task: only };
    draw();
  });
  const details = makeDetails(recording, task => {
    chosen = { task };
    draw();
  });
  const quiz = makeQuiz();
  const go = (to: number) => {
    const wanted = Math.max(0, Math.min(replay.length, to));
    if (controls.predicts.checked && wanted > n && wanted > seen) {
      walk(wanted);
      return;
    }
    show(wanted);
  };
  const controls = makeControls(replay.length, {
    go,
    by: steps => go(n + steps),
    play: () => (timer === undefined ? play() : pause()),
    predict: isOn => {
      pause();
      seen = Math.max(seen, n);
      if (isOn) {
        walk(replay.length);
      } else {
        quiz.hide();
        draw();
      }
    }
  });

  /** On to a step, or to the first question before it. */
  function walk(wanted: number): void {
    let to = Math.max(n, Math.min(seen, wanted));
    while (to < wanted && !isQuestion(recording, replay.at(to), to)) {
      to += 1;
    }
    if (to > n) {
      show(to);
    }
    if (to < wanted) {
      ask(to);
    }
  }

  function ask(at: number): void {
    pause();
    const stage = replay.at(at);
    const found: readonly IChoice[] = choices(recording, stage, at);
    quiz.ask(
      found.map(one => label(recording, one)),
      answer => {
        const choice = found[answer];
        if (choice) {
          const { isRight, text } = verdict(recording, stage, at, choice);
          quiz.tell(isRight);
          result = isRight ? 'right' : 'wrong';
          show(at + 1, text);
          controls.element.querySelector<HTMLElement>('input[type="range"]')?.focus({ preventScroll: true });
        }
      }
    );
    root.say(tr('What happens next?'));
  }

  function show(to: number, text?: string): void {
    if (quiz.isOpen()) {
      quiz.hide();
    }
    if (text === undefined) {
      result = null;
    }
    n = to;
    seen = Math.max(seen, n);
    chosen = null;
    told = text ?? said();
    draw();
    root.say(told);
  }

  function said(): string {
    if (!n) {
      return opening(recording);
    }
    const text = sentence(recording, replay.at(n - 1), n - 1);
    return n === replay.length ? `${text} ${ending(recording)}` : text;
  }

  function play(): void {
    if (n >= replay.length) {
      show(0);
    }
    const tick = () => {
      go(n + 1);
      timer = n < replay.length && !quiz.isOpen() ? window.setTimeout(tick, 1000 / controls.speed()) : undefined;
      draw();
    };
    timer = window.setTimeout(tick, 1000 / controls.speed());
    draw();
  }

  function pause(): void {
    window.clearTimeout(timer);
    timer = undefined;
    draw();
  }

  const line = h('p', { class: 'wfnb-story-sentence' });
  const help = keysHelp();
  root.element.append(
    h('h2', {}, title(recording)),
    controls.element,
    line,
    quiz.element,
    h('div', { class: 'wfnb-story-columns' }, graph.element, details.element),
    h('div', { class: 'wfnb-story-foot' }, legend(), help)
  );

  function draw(): void {
    const stage = replay.at(n);
    const step = recording.steps[n - 1];
    line.textContent = told;
    line.dataset['result'] = result ?? 'none';
    controls.show(n, told, timer !== undefined);
    const box = chosen === null ? null : 'box' in chosen ? chosen.box : graph.boxOf(chosen.task);
    graph.show(stage, { task: step?.task ?? null, by: step?.by ?? null, chosen: box });
    const group = chosen !== null && 'box' in chosen ? drawing.boxes[chosen.box] : undefined;
    if (group) {
      details.showGroup(stage, group);
    } else if (chosen !== null && 'task' in chosen) {
      details.showTask(stage, chosen.task);
    } else if (step) {
      // whose body it is about: an asker is suspended, and what it asks for has no line yet
      details.showTask(stage, step.by ?? step.task);
    } else {
      details.showNothing();
    }
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) {
      return;
    }
    const target = event.target;
    const isChoice = target instanceof HTMLSelectElement;
    const presses =
      target instanceof HTMLButtonElement ||
      (target instanceof HTMLElement && target.tagName === 'SUMMARY') ||
      (target instanceof HTMLInputElement && target.type === 'checkbox');
    const commands: { readonly [key: string]: (() => void) | undefined } = {
      ArrowRight: isChoice ? undefined : () => go(n + 1),
      ArrowLeft: isChoice ? undefined : () => go(n - 1),
      PageDown: () => go(n + FAR),
      PageUp: () => go(n - FAR),
      Home: isChoice ? undefined : () => go(0),
      End: isChoice ? undefined : () => go(replay.length),
      ' ': presses || isChoice ? undefined : () => (timer === undefined ? play() : pause()),
      p: () => controls.predicts.click(),
      P: () => controls.predicts.click(),
      Escape: () => {
        chosen = null;
        if (quiz.isOpen()) {
          controls.predicts.click();
        }
        draw();
      }
    };
    const command = commands[event.key];
    if (command) {
      command();
      event.preventDefault();
    } else if (/^[1-9]$/.test(event.key) && quiz.choose(Number(event.key) - 1)) {
      event.preventDefault();
    }
  };
  root.element.addEventListener('keydown', onKey);
  root.onEnd(() => {
    window.clearTimeout(timer);
    root.element.removeEventListener('keydown', onKey);
  });
  told = said();
  draw();
  return root.end;
}

function legend(): HTMLElement {
  const entries = Object.values(LOOKS).map(look =>
    h('li', { class: `wfnb-story-state wfnb-is-${look.name}` }, `${look.sign} ${look.word()}`)
  );
  return h('ul', { class: 'wfnb-story-legend', 'aria-label': tr('Signs') }, ...entries);
}

function keysHelp(): HTMLElement {
  const entries = keys().flatMap(([key, what]) => [h('dt', {}, key), h('dd', {}, what)]);
  return h('details', {}, h('summary', { ...FOCUS }, tr('Keys')), h('dl', {}, ...entries));
}
