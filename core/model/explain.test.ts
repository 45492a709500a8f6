import { describe, expect, it } from 'vitest';
import { explainFault } from './explain.ts';
import { faultClasses } from './faultClasses.ts';
import { History } from './history.ts';
import { changeWords } from './keyHistory.ts';
import { timeWords } from './names.ts';
import { rowsOfKind } from './scan.ts';
import { faultCases } from './testing/faultCases.ts';
import { syntheticSession } from './testing/synthetic.ts';

const cases = faultCases();
const explained = cases.map(({ name, log, event }) => ({
  name,
  log,
  ...explainFault(log, new History(log).at(event), event),
}));

describe('explainFault', () => {
  it('says what the golden text says, for every class', async () => {
    const text = explained
      .map(({ name, class: of, sentence, page, fix }) =>
        [`# ${name}`, `class: ${of}`, sentence, `page: ${page.title}`, `fix: ${fix?.text ?? 'none'}`, ''].join('\n'),
      )
      .join('\n');
    await expect(text).toMatchFileSnapshot('golden/explanations.txt');
  });

  it('has a case for every class', () => {
    expect(new Set(explained.map(({ class: of }) => of))).toEqual(new Set(faultClasses));
  });

  it('tells what each preset would do, per thread, and how the page got its key', async () => {
    const chosen = [
      'canary',
      'canary on thread 2',
      'stack-pointer slot',
      'module data',
      'rseq area, touched by the program',
    ];
    const text = explained
      .filter(({ name }) => chosen.includes(name))
      .map(({ name, policies, keyHistory }) => {
        const rows = policies.map((policy) => {
          const threads = policy.threads.map((thread) => `T${thread.number} ${thread.outcome} ${thread.rule ?? '-'}`);
          return `${policy.policy}: ${policy.outcome} | ${threads.join(', ')} | leaves ${policy.leavesShared}`;
        });
        const keys = keyHistory.map((change) => `${timeWords(change.time)} key ${change.after} ${changeWords(change)}`);
        return [`# ${name}`, ...rows, ...keys, ''].join('\n');
      })
      .join('\n');
    await expect(text).toMatchFileSnapshot('golden/policies.txt');
  });

  it('names the rescue of the live session: split, by R6', () => {
    const log = syntheticSession({ story: 'live' });
    const [event = -1] = rowsOfKind(log, 'fault');
    const { fix, owner, accessor } = explainFault(log, new History(log).at(event), event);
    expect(fix).toEqual({ policy: 'split', rule: 'R6', text: 'split shares this page by rule R6' });
    expect([owner, accessor]).toEqual([
      { key: 1, name: 'cli' },
      { key: 2, name: 'decoder' },
    ]);
  });

  it('refuses a row that is no fault', () => {
    const log = syntheticSession();
    expect(() => explainFault(log, new History(log).at(0), 0)).toThrow('event 0 (fault): detail: missing');
  });
});
