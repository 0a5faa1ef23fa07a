/** The story view as a page of its own: what `%wf story --html FILE` writes around its data. */

import './story-page.css';
import { storyOf } from '../story/decode';
import { mountStory } from '../story/view';

const host = document.getElementById('wfnb-host');
const data = document.getElementById('wfnb-story')?.textContent ?? 'null';
if (host) {
  const story = storyOf(JSON.parse(data));
  if (typeof story === 'string') {
    host.textContent = story;
  } else {
    mountStory(host, story);
  }
}
