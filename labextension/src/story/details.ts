/**
 * Details: the body of a task with the line at which it stands, or the tasks of a group.
 *
 * Knows: sources, stages. Does not know: steps.
 * Holds: drawn anew for each task, and then only marked: the page of a long body does not jump.
 */

import { h } from '../dom/elements';
import { FOCUS } from '../dom/root';
import { tr } from '../dom/words';
import { IRecording, ISource, ITaskBox } from '../protocol/steps';
import { Stage } from './replay';
import { LOOKS, summary } from './states';

const MOST_LISTED = 200;

export interface IDetails {
  readonly element: HTMLElement;
  readonly showTask: (stage: Stage, task: number) => void;
  readonly showGroup: (stage: Stage, box: ITaskBox) => void;
  readonly showNothing: () => void;
}

export function makeDetails(recording: IRecording, onChoose: (task: number) => void): IDetails {
  const heading = h('h3', { class: 'wfnb-story-whose' });
  const facts = h('p', { class: 'wfnb-story-facts' });
  const body = h('div', {
    ...FOCUS, // a long body is scrolled by keys
    class: 'wfnb-story-body',
    tabindex: 0,
    role: 'group',
    'aria-label': tr('Body')
  });
  const around = { class: 'wfnb-story-details', 'aria-label': tr('The task') };
  const element = h('section', around, heading, facts, body);
  let shown = '';
  const redraw = (key: string, make: () => Node[]) => {
    if (key !== shown) {
      shown = key;
      body.replaceChildren(...make());
    }
  };
  return {
    element,
    showTask: (stage, task) => {
      const [about, now] = [recording.tasks[task], stage[task]];
      if (!about || !now) {
        return;
      }
      const look = LOOKS[now.state];
      heading.replaceChildren(
        h('span', { class: `wfnb-story-state wfnb-is-${look.name}` }, `${look.sign} ${look.word()}`),
        h('span', { class: 'wfnb-code' }, about.task)
      );
      facts.textContent = factsOf(recording, stage, task);
      const source = recording.sources[about.source ?? -1];
      redraw(`source ${source ? about.source : `none ${task}`}`, () => [source ? text(source) : absent(now.state)]);
      mark(body, source, now.line, now.state);
    },
    showGroup: (stage, box) => {
      const states = box.tasks.map(task => stage[task]?.state ?? 'unseen');
      heading.replaceChildren(h('span', { class: 'wfnb-code' }, box.name));
      facts.textContent = summary(states);
      redraw(`group ${box.tasks[0]}`, () => [members(recording, box, onChoose)]);
      body.querySelectorAll('.wfnb-story-member-state').forEach((one, n) => {
        const look = LOOKS[states[n] ?? 'unseen'];
        one.textContent = `${look.sign} ${look.word()}`;
        one.className = `wfnb-story-member-state wfnb-story-state wfnb-is-${look.name}`;
      });
    },
    showNothing: () => {
      heading.textContent = tr('No body runs yet');
      facts.textContent = tr(
        'The body that a step is about is shown here, with the line where it stands.'
      );
      redraw('nothing', () => []);
    }
  };
}

function factsOf(recording: IRecording, stage: Stage, task: number): string {
  const [about, now] = [recording.tasks[task], stage[task]];
  const source = recording.sources[about?.source ?? -1];
  const wants = now?.wants ?? [];
  const names = wants.slice(0, 3).map(one => recording.tasks[one]?.task ?? '?');
  const waits =
    wants.length > 3
      ? tr('waits for %1 and %2 more', names.join(', '), wants.length - 3)
      : tr('waits for %1', names.join(', '));
  const parts = [
    about?.product ? tr('makes %1', about.product) : '',
    source ? source.place : '',
    now?.line !== null && now?.line !== undefined ? tr('at line %1', now.line) : '',
    now?.worker ? tr('on worker %1', now.worker) : '',
    wants.length ? waits : '',
    now?.note ? (now.state === 'failed' ? now.note : tr('value: %1', now.note)) : ''
  ];
  return parts.filter(Boolean).join(' · ');
}

function text(source: ISource): HTMLElement {
  const lines = source.lines.map((line, n) =>
    h(
      'li',
      { 'data-line': source.first + n },
      h('span', { class: 'wfnb-story-number', 'aria-hidden': 'true' }, String(source.first + n)),
      h('span', { class: 'wfnb-story-arrow', 'aria-hidden': 'true' }),
      h('code', {}, line || ' ')
    )
  );
  const label = tr('Source, %1', source.place);
  return h(
    'div',
    {},
    h('ol', { class: 'wfnb-story-source wfnb-code', 'aria-label': label }, ...lines),
    source.left_out > 0 && h('p', {}, tr('… and %1 more lines', source.left_out))
  );
}

function absent(state: string): HTMLElement {
  return h(
    'p',
    { class: 'wfnb-story-absent' },
    state === 'memory' || state === 'checking' || state === 'kept'
      ? tr('Its body did not run in this request, so there is no line to show.')
      : tr('The text of its body is not at hand.')
  );
}

/** Put the arrow at a line, and that line in sight. */
function mark(body: HTMLElement, source: ISource | undefined, line: number | null, state: string): void {
  body.querySelectorAll<HTMLElement>('li').forEach(one => {
    const isHere = source !== undefined && line !== null && one.dataset['line'] === String(line);
    one.classList.toggle('wfnb-here', isHere);
    one.toggleAttribute('data-failed', isHere && state === 'failed');
    if (isHere) {
      one.setAttribute('aria-current', 'location');
    } else {
      one.removeAttribute('aria-current');
    }
    const arrow = one.querySelector('.wfnb-story-arrow');
    if (arrow) {
      arrow.textContent = !isHere ? '' : state === 'suspended' ? 'Ⅱ' : state === 'failed' ? '✖' : '▶';
    }
    if (isHere) {
      const list = body;
      const [top, bottom] = [one.offsetTop - list.offsetTop, one.offsetTop - list.offsetTop + one.offsetHeight];
      if (top < list.scrollTop || bottom > list.scrollTop + list.clientHeight) {
        list.scrollTop = Math.max(0, top - list.clientHeight / 2);
      }
    }
  });
}

function members(recording: IRecording, box: ITaskBox, onChoose: (task: number) => void): HTMLElement {
  const kept = box.tasks.slice(0, MOST_LISTED).map(task => {
    const button = h(
      'button',
      { ...FOCUS, type: 'button' },
      h('span', { class: 'wfnb-story-member-state' }),
      h('span', { class: 'wfnb-code' }, recording.tasks[task]?.task ?? '?')
    );
    button.addEventListener('click', () => onChoose(task));
    return h('li', {}, button);
  });
  const more = box.tasks.length - kept.length;
  return h(
    'ul',
    { class: 'wfnb-story-members' },
    ...kept,
    more > 0 && h('li', {}, tr('… and %1 more', more))
  );
}
