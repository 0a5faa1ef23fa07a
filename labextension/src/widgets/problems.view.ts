/** The problems view as an anywidget. */

import { mountProblems } from '../problems/view';
import { feedOf, IRender } from './model';

/** For a page that has a translator. */
export { speak } from '../dom/words';

export default {
  render({ model, el }: IRender): () => void {
    const { feed, end } = feedOf(model);
    const unmount = mountProblems(el, feed);
    return () => {
      unmount();
      end();
    };
  }
};
