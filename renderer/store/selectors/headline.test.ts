import { expect, test } from 'vitest';
import { explainFault } from '../../../core/model/explain.ts';
import { History } from '../../../core/model/history.ts';
import { syntheticSession } from '../../../core/model/testing/synthetic.ts';
import { lastFault } from './focus.ts';
import { faultTitle, type HeadlinePart, headline, siCodeWords } from './headline.ts';

const log = syntheticSession({ story: 'live' });
const fault = lastFault(log, log.length - 1);
const explanation = explainFault(log, new History(log).at(fault), fault);

const headlineText = (parts: readonly HeadlinePart[]): string =>
  parts.map((part) => (typeof part === 'string' ? part : part.name)).join('');

test('the sentence names who, what and whose, with a mark beside each name', () => {
  const parts = headline(explanation);
  expect(headlineText(parts)).toBe('decoder read the stack-protector canary on a page private to cli.');
  expect(parts.filter((part) => typeof part !== 'string')).toEqual([
    { key: 2, name: 'decoder' },
    { key: 1, name: 'cli' },
  ]);
});

test('title and kernel code', () => {
  expect(faultTitle(explanation)).toBe('Denied read');
  expect(siCodeWords(explanation)).toBe('SEGV_PKUERR, si_pkey 1');
});

test('an unknown owner is called unknown, a plain crash blames no key', () => {
  expect(headlineText(headline({ ...explanation, owner: null }))).toContain('whose key is unknown');
  const plain = { ...explanation, facts: { ...explanation.facts, outcome: 'plain' as const } };
  expect(headlineText(headline(plain))).toContain('No key is involved');
  expect(faultTitle(plain)).toBe('Segmentation fault');
});

test('the kernel’s rseq kill is named as such', () => {
  const rseq = { ...explanation, facts: { ...explanation.facts, outcome: 'rseq' as const, siCode: 128, key: 1 } };
  expect(headlineText(headline(rseq))).toBe('The kernel killed decoder over the rseq area on a page private to cli.');
  // The key is the page's, by the log; the kernel names none with this code.
  expect(siCodeWords(rseq)).toBe('SI_KERNEL');
});
