/**
 * The rule graph view as an anywidget.
 *
 * `%wf graph` shows a picture that is saved with the notebook, and this view under it. As long as the
 * view lives it takes the picture's place: both together would say the same twice.
 */

import { IGraphSource, IMemory, mountGraph } from '../graph/view';
import { feedOf, IModel, IRender } from './model';

const memories = new WeakMap<IModel, IMemory>();
const TRIES = 120; // frames; a view is rendered before it is put on the page

/** For a page that has a translator. */
export { speak } from '../dom/words';

export default {
  render({ model, el }: IRender): () => void {
    const { feed, end } = feedOf(model);
    const memory = memories.get(model) ?? {};
    memories.set(model, memory);
    const unmount = mountGraph(el, feed, sourceOf(model), memory);
    const show = hidePicture(el);
    return () => {
      show();
      unmount();
      end();
    };
  }
};

function sourceOf(model: IModel): IGraphSource {
  return {
    data: () => {
      const text = model.get('data');
      return typeof text === 'string' ? text : '';
    },
    isLive: () => model.get('is_live') !== false,
    onChange: tell => {
      const names = ['change:data', 'change:is_live'];
      names.forEach(name => model.on(name, tell));
      return () => names.forEach(name => model.off(name, tell));
    }
  };
}

/** Hide the picture above the view, in JupyterLab and Notebook 7; returns what shows it again. */
function hidePicture(el: HTMLElement): () => void {
  let picture: HTMLElement | null = null;
  let tries = 0;
  let frame = requestAnimationFrame(function look() {
    const before = el.closest('.jp-OutputArea-child')?.previousElementSibling;
    if (before instanceof HTMLElement && before.querySelector('.wfnb-saved, .jp-RenderedMermaid, .jp-RenderedSVG')) {
      picture = before;
      picture.style.display = 'none';
    } else if (++tries < TRIES) {
      frame = requestAnimationFrame(look);
    }
  });
  return () => {
    cancelAnimationFrame(frame);
    picture?.style.removeProperty('display');
  };
}
