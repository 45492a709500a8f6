import { expect, it } from 'vitest';
import { aliases, meaningOf, readGlossary, readRules, wordOf, words } from './glossary.ts';

it('reads words that share a meaning, without the marks of Markdown', () => {
  const text = '| **padded, outward** | the *two* of `x` ([text](a.md)) |\n| word | meaning |';
  expect([...readGlossary(text)]).toEqual([
    ['padded', 'the two of x (text)'],
    ['outward', 'the two of x (text)'],
  ]);
});

it('reads rules over several lines', () => {
  expect([...readRules('- R1. `lo` is\n  here.\n- R2. Then.\n\nA paragraph.')]).toEqual([
    ['R1', 'lo is here.'],
    ['R2', 'Then.'],
  ]);
});

it('explains every word and rule that the window names', () => {
  expect(words.size).toBeGreaterThan(40);
  for (const word of aliases) expect(meaningOf(word), word).not.toBeNull();
  const rules = [12, 3, 4, 6].flatMap((most, i) => Array.from({ length: most }, (_, n) => `${'RAST'[i]}${n + 1}`));
  for (const rule of rules) expect(meaningOf(rule), rule).not.toBeNull();
});

it('finds the word of a label: as it is, in the plural, or under another name', () => {
  expect(['Compartments', 'DTV', 'Policy', 'Made by', 'Result'].map(wordOf)).toEqual([
    'compartment',
    'DTV',
    'policy',
    'cause',
    null,
  ]);
});
