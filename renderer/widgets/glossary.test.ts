import { expect, it } from 'vitest';
import {
  aliases,
  fieldWord,
  meaningOf,
  OWN_POLICY,
  readFields,
  readGlossary,
  readRules,
  wordOf,
  words,
} from './glossary.ts';

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

it('reads the fields of the first table only', () => {
  const text =
    '| field | values | default |\n| `keys` | `auto` | none |\n\n## More\n| `match` | a pattern | required |';
  expect([...readFields(text)]).toEqual([['keys', 'auto; by default none']]);
});

it('explains a field of a launch file by its word, then by what may stand there', () => {
  expect(meaningOf(fieldWord('rounding'))).toMatch(/^how the end of a block.*\. Here: padded, outward; by default /);
  expect(meaningOf(fieldWord('compartments'))).toMatch(/key is 1 to 15/);
  expect(meaningOf(OWN_POLICY)).toMatch(/^A preset's name, or .*below-tcb:N/);
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
