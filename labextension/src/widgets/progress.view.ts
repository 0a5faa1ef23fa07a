/** The progress view as an anywidget. */

import { mountProgress } from '../progress/view';
import { controlOf } from './control';
import { feedOf, IRender, parsed } from './model';

/** For a page that has a translator. */
export { speak } from '../dom/words';

export default {
  render({ model, el }: IRender): () => void {
    const { feed, end } = feedOf(model);
    const data = parsed(model.get('data')) as { engine?: number; control?: string } | null;
    const unmount = mountProgress(el, feed, {
      control: controlOf(model.widget_manager, data?.control ?? ''),
      engine: data?.engine,
      isLive: () => model.get('is_live') !== false
    });
    return () => {
      unmount();
      end();
    };
  }
};
