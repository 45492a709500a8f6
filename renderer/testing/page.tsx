/**
 * A page that mounts the window over a synthetic session; the query says which: `?story=live&upTo=200&rows=50`, or
 * `?story=none` for the launch screen; without a story the session never says a word. `saved` plays it as a saved
 * session, `slow=save` leaves a command without an answer, `testing.state('lost')` loses the connection.
 */
import '../strict.ts';
import type { Story } from '../../core/model/testing/synthetic.ts';
import { directLink, type Link, type LinkState } from '../host.ts';
import { mount } from '../mount.tsx';
import { fakeHost } from './fakeHost.ts';

const query = new URLSearchParams(window.location.search);
const number = (name: string): number | undefined => (query.has(name) ? Number(query.get(name)) : undefined);
const root = document.getElementById('root');
if (root) {
  const host = fakeHost(query.getAll('slow'));
  let state: (state: LinkState) => void = () => {};
  const link: Link = {
    ...directLink(host),
    onState: (listener) => {
      state = listener;
      listener('open');
      return () => {};
    },
    reconnect: () => state('connecting'),
  };
  const mounted = mount(root, link);
  const story = query.get('story');
  const [crossings, rows, upTo] = [number('crossings'), number('rows'), number('upTo')];
  if (story === 'none') host.none();
  else if (story) {
    host.play(story as Story, {
      ...(crossings === undefined ? {} : { crossings }),
      ...(rows === undefined ? {} : { rows }),
      ...(upTo === undefined ? {} : { upTo }),
      saved: query.has('saved'),
    });
  }
  Object.assign(window, { testing: { host, store: mounted.store, state: (next: LinkState) => state(next) } });
}
