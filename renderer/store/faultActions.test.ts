import { expect, test } from 'vitest';
import { commandSchema } from '../../core/contract/commands.ts';
import { asEventIndex, asTid } from '../../core/contract/ids.ts';
import { explainFault } from '../../core/model/explain.ts';
import { History } from '../../core/model/history.ts';
import { threads } from '../../core/model/testing/dav1dLayout.ts';
import { build, syntheticSession } from '../../core/model/testing/synthetic.ts';
import { faultActions } from './faultActions.ts';
import { lastFault } from './selectors/focus.ts';

const log = syntheticSession({ story: 'live' });
const index = asEventIndex(lastFault(log, log.length - 1));
const history = new History(log);
const explanation = explainFault(log, history.at(index), index);
const [main] = threads;

test('at the stop: share the page, open the key, or carry out the one instruction', () => {
  const stopped = [...Array(log.length).keys()].find((row) => row > index && log.kind(row) === 'stop') ?? -1;
  const actions = faultActions(history.at(stopped), explanation, index);
  expect(actions.map(({ name }) => name)).toEqual(['Share this page…', 'Give rights…', 'Step over…']);
  for (const { command, words } of actions) {
    expect(commandSchema.safeParse(command).success).toBe(true);
    expect(words).toMatch(/The log keeps/);
  }
  expect(actions[0]?.command).toMatchObject({
    do: 'tag',
    start: explanation.page.start.toString(16).replace(/^/, '0x'),
    key: 0,
  });
  // Keys 0 and 2 are open; key 1 joins them.
  expect(actions[1]?.command).toEqual({ do: 'rights', tid: main.tid, pkru: 0xffffffc0 });
  expect(actions[2]?.command).toEqual({ do: 'step-over', tid: main.tid });
});

test('before the stop and after the end nothing is stepped over, and an exited thread gets no rights', () => {
  const names = (row: number): string[] => faultActions(history.at(row), explanation, index).map(({ name }) => name);
  expect(names(index)).not.toContain('Step over…');
  expect(names(log.length - 1)).not.toContain('Step over…');
  expect(names(log.length - 1)).not.toContain('Give rights…');
});

test('a page that is shared by now is not offered to be shared', () => {
  const names = faultActions(history.latest(), explanation, index).map(({ name }) => name);
  expect(names).not.toContain('Share this page…');
});

test('once stepped over by hand there is nothing to step over, and once the program goes on it stands nowhere', () => {
  const b = build({ story: 'stopped' });
  const at = explanation.facts.instruction;
  const stand = (address: string): readonly [string[], unknown] => {
    const place = { address, module: at.module, symbol: at.symbol, source: null };
    b.row('stand', { tid: main.tid, cause: 'assumed' }, { call: null, at: place });
    const world = new History(b.log()).latest();
    const fault = asEventIndex(lastFault(b.log(), b.length - 1));
    const names = faultActions(world, explainFault(b.log(), world, fault), fault).map(({ name }) => name);
    return [names, world.threads.get(asTid(main.tid))?.stand?.at.address];
  };
  expect(stand(at.address)).toEqual([['Share this page…', 'Give rights…', 'Step over…'], at.address]);
  expect(stand('0x7f2a1c1a4c36')).toEqual([['Share this page…', 'Give rights…'], '0x7f2a1c1a4c36']);
  b.row('resume', { cause: 'user' });
  const gone = new History(b.log()).latest().threads.get(asTid(main.tid));
  // Where it stood was no act of its own: the fault is still the last that is heard of it, but for its going on.
  expect([gone?.stand, b.log().kind(gone?.lastFault ?? -1)]).toEqual([null, 'fault']);
});
