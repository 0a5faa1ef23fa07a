/** The story view as an anywidget. */

import { storyOf } from '../story/decode';
import { mountStory } from '../story/view';
import { IRender, parsed } from './model';

/** For a page that has a translator. */
export { speak } from '../dom/words';

export default {
  render({ model, el }: IRender): () => void {
    let unmount: () => void = () => undefined;
    const show = () => {
      unmount();
      const story = storyOf(parsed(model.get('data')));
      if (typeof story === 'string') {
        el.textContent = story;
        unmount = () => el.replaceChildren();
      } else {
        el.replaceChildren();
        unmount = mountStory(el, story);
      }
    };
    model.on('change:data', show);
    show();
    return () => {
      model.off('change:data', show);
      unmount();
    };
  }
};
