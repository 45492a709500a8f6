/** A page that mounts the window over a synthetic session; the query says which: `?story=live&upTo=200&rows=50`. */
import '../strict.ts';
import type { Story } from '../../core/model/testing/synthetic.ts';
import { directLink } from '../host.ts';
import { mount } from '../mount.tsx';
import { fakeHost } from './fakeHost.ts';

const query = new URLSearchParams(window.location.search);
const number = (name: string): number | undefined => (query.has(name) ? Number(query.get(name)) : undefined);
const root = document.getElementById('root');
if (root) {
  const host = fakeHost();
  const mounted = mount(root, directLink(host));
  const story = query.get('story');
  const [crossings, rows, upTo] = [number('crossings'), number('rows'), number('upTo')];
  if (story) {
    host.play(story as Story, {
      ...(crossings === undefined ? {} : { crossings }),
      ...(rows === undefined ? {} : { rows }),
      ...(upTo === undefined ? {} : { upTo }),
    });
  }
  Object.assign(window, { testing: { host, store: mounted.store } });
}
