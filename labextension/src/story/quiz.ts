/**
 * The quiz: what comes next, asked before it is shown, and how many were right.
 *
 * Knows: choices and verdicts as text. Does not know: which is right, before it is chosen.
 */

import { h } from '../dom/elements';
import { FOCUS } from '../dom/root';
import { tr } from '../dom/words';

export interface IQuiz {
  readonly element: HTMLElement;
  /** Ask; `onAnswer` is told the position of what was chosen. */
  readonly ask: (labels: readonly string[], onAnswer: (n: number) => void) => void;
  readonly tell: (isRight: boolean) => void;
  readonly hide: () => void;
  /** Choose by number, if a question is open. */
  readonly choose: (n: number) => boolean;
  readonly isOpen: () => boolean;
}

export function makeQuiz(): IQuiz {
  const score = h('p', { class: 'wfnb-story-score' });
  const list = h('ol', { class: 'wfnb-story-choices' });
  const asks = tr('What happens next?');
  const question = h('h3', {}, asks);
  const element = h(
    'section',
    { class: 'wfnb-story-quiz', 'aria-label': asks, hidden: true },
    question,
    list,
    score
  );
  let [right, asked] = [0, 0];
  let answer: ((n: number) => void) | null = null;
  const close = () => {
    answer = null;
    list.replaceChildren();
    question.hidden = true;
  };
  const choose = (n: number) => {
    const known = answer;
    if (!known || n < 0 || n >= list.children.length) {
      return false;
    }
    close();
    known(n);
    return true;
  };
  return {
    element,
    choose,
    isOpen: () => answer !== null,
    ask: (labels, onAnswer) => {
      element.hidden = question.hidden = false;
      answer = onAnswer;
      list.replaceChildren(
        ...labels.map((text, n) => {
          const button = h('button', { ...FOCUS, type: 'button' }, `${n + 1}  ${text}`);
          button.addEventListener('click', () => choose(n));
          return h('li', {}, button);
        })
      );
      list.querySelector('button')?.focus({ preventScroll: true });
    },
    tell: isRight => {
      asked += 1;
      right += isRight ? 1 : 0;
      score.textContent = tr('%1 of %2 right', right, asked);
    },
    hide: () => {
      close();
      element.hidden = true;
    }
  };
}
