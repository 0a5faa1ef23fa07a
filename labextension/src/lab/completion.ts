/**
 * Completion: inside `Get(`, the products that can be made from what is in scope.
 *
 * Knows: JupyterLab's completer. Does not know: how the kernel finds them.
 * Holds: a kernel without wfnb, and a cursor in no call, are not asked about.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import {
  CompletionHandler,
  ICompletionContext,
  ICompletionProvider,
  ICompletionProviderManager
} from '@jupyterlab/completer';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ask } from './asking';
import { itemsIn, text } from './answers';
import { isInCall } from './calls';
import { IEngines } from './tokens';

const FAR = 2000; // characters before the cursor in which a call must have begun
const PATIENCE_MS = 800; // JupyterLab waits for a second
type Item = CompletionHandler.ICompletionItem;

export const completionPlugin: JupyterFrontEndPlugin<void> = {
  id: 'wfnb:completion',
  description: 'Completes what a Get can ask for.',
  autoStart: true,
  requires: [IEngines],
  optional: [ICompletionProviderManager],
  activate: (_: JupyterFrontEnd, engines: IEngines, manager: ICompletionProviderManager | null) => {
    manager?.registerProvider(new GetCompletion(engines));
  }
};

class GetCompletion implements ICompletionProvider {
  readonly identifier = 'wfnb:get';
  readonly rank = 600; // before the kernel's, which knows names and not what can be made
  readonly renderer = null;

  constructor(private readonly engines: IEngines) {}

  async isApplicable(context: ICompletionContext): Promise<boolean> {
    return context.widget instanceof NotebookPanel && this.engines.of(context.widget) !== null;
  }

  async fetch(
    request: CompletionHandler.IRequest,
    context: ICompletionContext
  ): Promise<CompletionHandler.ICompletionItemsReply> {
    const { offset } = request;
    const none = { start: offset, end: offset, items: [] };
    const panel = context.widget instanceof NotebookPanel ? context.widget : null;
    const engine = this.engines.of(panel);
    if (!engine || !isInCall(request.text.slice(Math.max(0, offset - FAR), offset))) {
      return none;
    }
    const what = { do: 'complete', text: request.text, at: offset };
    const answer = await ask(engine, what, PATIENCE_MS);
    const items: Item[] = itemsIn(answer).map(({ name, note }) => ({
      label: name,
      insertText: name,
      type: 'product',
      documentation: note
    }));
    return items.length ? { start: offset - text(answer, 'prefix').length, end: offset, items } : none;
  }
}
