import { expect, it } from 'vitest';
import { findingClasses } from '../contract/findingClasses.ts';
import { findingWords, wordsOfFinding } from './findingClasses.ts';

it('names every class in words of its own, and says what it means', () => {
  const names = findingClasses.map((of) => findingWords[of].name);
  expect(new Set(names).size).toBe(findingClasses.length);
  // A code is no name: what has two words is not written with a hyphen.
  expect(names.filter((name) => /-/.test(name))).toEqual([]);
  for (const of of findingClasses) expect(findingWords[of].meaning, of).toMatch(/^.{30,}\.$/);
});

it('has no words for a class of a newer recording, nor for what every object has', () => {
  expect(wordsOfFinding('of-tomorrow')).toBeNull();
  expect(wordsOfFinding('toString')).toBeNull();
});
