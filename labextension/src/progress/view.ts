/**
 * The progress view: how one request comes on, and how it went, in one line that unfolds.
 *
 * Knows: which request it is (the newest of its feed), what is shown when.
 * Does not know: how bars, lanes and the button work; who sends messages.
 * Holds: while nothing runs nothing ticks. What is folded is not drawn.
 */

import './progress.css';
import { duration } from '../dom/texts';
import { FOCUS, makeRoot, wantsLessMotion } from '../dom/root';
import { h, set } from '../dom/elements';
import { tr } from '../dom/words';
import { Clock } from '../protocol/clock';
import { IControl } from '../protocol/control';
import { Feed } from '../protocol/feed';
import { IRequestState } from '../protocol/state';
import { Bars } from './bars';
import { Cancel } from './cancel';
import { chosen, summary, tally, title, waitingText } from './telling';
import { drawRules, drawTimeline } from './timeline';

const MOST_BARS = 5;
const MOST_RUNNING = 5;

export interface IProgressOptions {
  readonly control: IControl;
  /** The number of the engine, as the kernel knows it. */
  readonly engine?: number | undefined;
  /** Whether the kernel still tells of the request. */
  readonly isLive: () => boolean;
}

/** Show the newest request of a feed within `host`; returns what takes it away. */
export function mountProgress(host: HTMLElement, feed: Feed, options: IProgressOptions): () => void {
  const root = makeRoot(host, 'progress', tr('Progress of a request'));
  const sign = h('span', { class: 'wfnb-sign', 'aria-hidden': 'true' });
  const line = h('span', { class: 'wfnb-line-text' });
  const fold = h('button', { ...FOCUS, type: 'button', 'aria-expanded': 'false' }, tr('Timeline'));
  const status = h('p', { class: 'wfnb-status' });
  const running = h('ul', { class: 'wfnb-running' });
  const waits = h('p', { class: 'wfnb-faint wfnb-waits' });
  const bars = new Bars();
  const more = h('div', { class: 'wfnb-more', hidden: true });
  const clock = new Clock(feed);
  const cancel = new Cancel(options.control, options.engine, () => draw());
  root.element.append(
    h('div', { class: 'wfnb-head' }, sign, line, cancel.button, fold),
    status,
    bars.element,
    running,
    waits,
    more
  );

  let timer: number | undefined;
  const tick = (isOn: boolean) => {
    if (isOn && timer === undefined) {
      timer = window.setInterval(draw, wantsLessMotion() ? 1000 : 200);
    } else if (!isOn && timer !== undefined) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };

  function draw(): void {
    const request = feed.state.requests[feed.state.requests.length - 1];
    if (!request) {
      line.textContent = tr('waiting for the kernel');
      return;
    }
    const isOver = request.outcome !== 'running';
    const now_s = request.ended_s ?? clock.now(request.started_s);
    tick(!isOver && options.isLive());
    const label = tr('Progress of %1', title(request));
    set(root.element, { 'aria-label': label, 'data-outcome': request.outcome });
    sign.textContent = signOf(request);
    line.textContent = isOver ? summary(request) : headline(request, now_s);
    status.textContent = cancel.draw(request);
    bars.element.hidden = running.hidden = isOver;
    bars.draw(isOver ? [] : chosen(request.multigets, MOST_BARS), clock.isSet ? now_s : null);
    drawRunning(running, isOver ? [] : request.lanes, now_s);
    waits.textContent = isOver || request.multigets.some(one => !one.is_over) ? '' : waitingText(request);
    if (!more.hidden) {
      drawMore(request, now_s);
    }
    root.say(isOver ? summary(request) : status.textContent || `${title(request)}: ${tally(request)}`);
  }

  let drawn = '';
  function drawMore(request: IRequestState, now_s: number): void {
    const key = JSON.stringify([request, request.lanes.length ? now_s.toFixed(1) : '']);
    if (key === drawn) {
      return;
    }
    drawn = key;
    const focused = [...more.querySelectorAll('.wfnb-scrolled')].indexOf(document.activeElement!);
    const tops = [...more.querySelectorAll('.wfnb-scrolled')].map(one => one.scrollTop);
    more.replaceChildren(
      drawTimeline(request, now_s),
      drawRules(request, rule => feed.state.nodes[rule]?.label ?? nameOf(rule))
    );
    more.querySelectorAll<HTMLElement>('.wfnb-scrolled').forEach((one, n) => {
      one.scrollTop = tops[n] ?? 0;
      if (n === focused) {
        one.focus();
      }
    });
  }

  const unfold = (isOpen: boolean) => {
    more.hidden = !isOpen;
    set(fold, { 'aria-expanded': String(isOpen) });
    draw();
  };
  fold.addEventListener('click', () => unfold(more.hidden));
  more.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      unfold(false);
      fold.focus();
    }
  });
  root.onEnd(clock.end);
  root.onEnd(feed.onState(draw));
  root.onEnd(() => tick(false));
  draw();
  return root.end;
}

function headline(request: IRequestState, now_s: number): string {
  const time = duration(now_s - request.started_s);
  return request.is_stopping
    ? tr('%1: stopping for %2; %3', title(request), time, tally(request))
    : tr('%1: running for %2; %3', title(request), time, tally(request));
}

function signOf({ outcome, is_stopping, exit_code }: IRequestState): string {
  if (outcome === 'running') {
    return is_stopping ? '◼' : '▶';
  }
  return outcome === 'answered' && !exit_code ? '✔' : outcome === 'interrupted' ? '◼' : '✖';
}

function drawRunning(list: HTMLElement, lanes: IRequestState['lanes'], now_s: number): void {
  const shown = lanes.slice(0, MOST_RUNNING);
  const texts = shown.map(one => `${one.task} · ${duration(now_s - one.since_s)}`);
  if (lanes.length > shown.length) {
    texts.push(tr('and %1 more', lanes.length - shown.length));
  }
  while (list.children.length > texts.length) {
    list.lastElementChild!.remove();
  }
  texts.forEach((text, n) => {
    const item = list.children[n] ?? list.appendChild(h('li', { class: 'wfnb-code' }));
    if (item.textContent !== text) {
      item.textContent = text;
    }
  });
}

/** The name in the id of a rule: "rule|module|name|types". */
function nameOf(rule: string): string {
  return rule.split('|')[2] ?? rule;
}
