/** The rule graph view as an anywidget. */

import { IGraphSource, mountGraph } from '../graph/view';
import { feedOf, IModel, IRender } from './model';

export default {
  render({ model, el }: IRender): () => void {
    const { feed, end } = feedOf(model);
    const unmount = mountGraph(el, feed, sourceOf(model));
    return () => {
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
