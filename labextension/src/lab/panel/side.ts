/**
 * The side panel: what the kernel of the current notebook knows, about the active cell first.
 *
 * Knows: its sections, and what they are told of. Does not know: how they show it.
 * Holds: what is not seen is not drawn. Without wfnb in the kernel it says how to load it.
 */

import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { TranslationBundle } from '@jupyterlab/translation';
import { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { makeRoot } from '../../dom/root';
import { h } from '../../dom/elements';
import { mountProblems } from '../../problems/view';
import { Feed } from '../../protocol/feed';
import { Go } from '../places';
import { isProblem, statusText } from '../texts';
import { IEngine, IEngines, ISide, ITold, Section } from '../tokens';
import { AnswerSection } from './answer';
import { GraphSection } from './graph';
import { RequestsSection } from './requests';
import { RulesSection } from './rules';
import { Fold } from './section';

export class Side extends Widget implements ISide {
  private readonly root;
  private readonly title1 = h('h1');
  private readonly status = h('p', { class: 'wfnb-side-text', role: 'status' });
  private readonly sections = h('div');
  private readonly answer;
  private readonly requests;
  private readonly problems;
  private readonly rules;
  private readonly graph;
  private feed: Feed | null = null;
  private unmount: () => void = () => undefined;
  private isDue = false;

  /** @param reveal shows the panel. */
  constructor(
    private readonly engines: IEngines,
    private readonly tracker: INotebookTracker,
    private readonly go: Go,
    private readonly trans: TranslationBundle,
    private readonly reveal: () => void
  ) {
    super();
    this.addClass('wfnb-side');
    this.root = makeRoot(this.node, 'side-root', trans.__('Rules of the notebook'));
    this.answer = new AnswerSection(go, trans);
    this.requests = new RequestsSection(trans);
    this.problems = new Fold(trans.__('Problems'));
    this.rules = new RulesSection(go, trans);
    this.graph = new GraphSection(trans);
    this.sections.append(
      this.answer.fold.element,
      this.requests.fold.element,
      this.problems.element,
      this.rules.fold.element,
      this.graph.fold.element
    );
    this.root.element.append(this.title1, this.status, this.sections);
    engines.changed.connect(this.later, this);
    tracker.currentChanged.connect(this.onNotebook, this);
    tracker.activeCellChanged.connect(this.later, this);
    this.later();
  }

  open(section?: Section): void {
    this.reveal();
    this.refresh();
    if (section && this.engine()) {
      this.foldOf(section).focus();
    }
  }

  tell(told: ITold): void {
    this.reveal();
    this.refresh();
    this.answer.show(told);
    this.answer.fold.element.scrollIntoView({ block: 'nearest' });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.engines.changed.disconnect(this.later, this);
      this.tracker.currentChanged.disconnect(this.onNotebook, this);
      this.tracker.activeCellChanged.disconnect(this.later, this);
      this.unmount();
      this.requests.clear();
      this.graph.clear();
      this.root.end();
    }
    super.dispose();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.refresh();
  }

  private engine(): IEngine | null {
    return this.engines.of(this.tracker.currentWidget);
  }

  private foldOf(section: Section): Fold {
    const folds: { readonly [one in Section]: Fold } = {
      answer: this.answer.fold,
      requests: this.requests.fold,
      problems: this.problems,
      rules: this.rules.fold,
      graph: this.graph.fold
    };
    return folds[section];
  }

  private onNotebook(): void {
    this.answer.clear();
    this.later();
  }

  /** Once for all that happens now. */
  private later(): void {
    if (!this.isDue) {
      this.isDue = true;
      requestAnimationFrame(() => {
        this.isDue = false;
        if (this.isVisible && !this.isDisposed) {
          this.refresh();
        }
      });
    }
  }

  private refresh(): void {
    const panel = this.tracker.currentWidget;
    const engine = this.engine();
    this.sections.hidden = engine === null;
    put(this.title1, panel ? panel.title.label : this.trans.__('No notebook'));
    put(this.status, engine ? statusText(engine.feed.state, this.trans) : this.absent(panel));
    this.follow(engine);
    this.requests.update(engine, panel);
    const cell = this.tracker.activeCell?.model.id ?? '';
    this.graph.update(engine, cell);
    if (engine) {
      const { state } = engine.feed;
      const count = state.problems.filter(isProblem).length;
      this.problems.say(count ? String(count) : '');
      this.rules.update(state, cell);
    }
  }

  private absent(panel: NotebookPanel | null): string {
    return panel
      ? this.trans.__('The kernel has no rules to tell of: %load_ext wfnb')
      : this.trans.__('Open a notebook with rules.');
  }

  /** Show the problems of this engine, and of no other. */
  private follow(engine: IEngine | null): void {
    if ((engine?.feed ?? null) === this.feed) {
      return;
    }
    this.unmount();
    this.answer.clear();
    this.feed = engine?.feed ?? null;
    const { feed } = this;
    this.unmount = feed
      ? mountProblems(this.problems.body, feed, { go: place => void this.goToProblem(feed, place) })
      : () => undefined;
  }

  private goToProblem(feed: Feed, place: string): Promise<boolean> {
    const found = feed.state.problems.find(one => one.place === place);
    const line = found?.extent?.line ?? (Number(/(\d+)$/.exec(place)?.[1]) || null);
    const source = found?.extent?.text ?? found?.source ?? '';
    return this.go({ cell: found?.cell ?? '', line, source, place });
  }
}

function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}
