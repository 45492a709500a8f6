/** The generator and the values it makes; that programs agree with real keys is `bin/test random`'s to say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { type Step, smaller, textOf } from './program.ts';

const flat = (steps: readonly Step[]): Step[] => steps.flatMap((step) => [step, ...flat(step.body ?? [])]);
const seeds = Array.from({ length: 300 }, (_, seed) => seed);

describe('a random program', () => {
  it('is the same for the same seed, another for another', () => {
    const texts = seeds.map((seed) => textOf(generate(seed)));
    expect(seeds.map((seed) => textOf(generate(seed)))).toEqual(texts);
    expect(new Set(texts).size).toBe(seeds.length);
  });

  it('fits the interpreter, and uses every operation in some seed', () => {
    const names = new Set<string>();
    for (const seed of seeds) {
      const steps = flat(generate(seed));
      expect(steps.length).toBeLessThanOrEqual(512);
      for (const { name } of steps) names.add(name);
    }
    const known = readFileSync(new URL('ops.h', import.meta.url), 'utf8').matchAll(/^ {2}X\((\w+),/gm);
    expect([...names].sort()).toEqual([...known].map(([, name]) => name).sort());
  });

  it('lets only children die', () => {
    const main = (steps: readonly Step[]): Step[] =>
      steps.flatMap((step) => (step.name === 'fork' ? [step] : [step, ...main(step.body ?? [])]));
    for (const seed of seeds) {
      const names = main(generate(seed)).map(({ name }) => name);
      expect(names).not.toContain('kill');
      expect(names).not.toContain('zero');
    }
  });
});

describe('what a reduction tries', () => {
  const program: Step[] = [
    { name: 'rd', args: [], thread: 1 },
    { name: 'gate', args: [0x1f], body: [{ name: 'yield', args: [] }] },
  ];

  it('prints as the interpreter reads it', () => {
    expect(textOf(program)).toBe('1:rd gate 1f { yield }');
  });

  it('lacks one step each time', () => {
    expect(smaller(program).map(textOf)).toEqual(['gate 1f { yield }', '1:rd', '1:rd 0:yield', '1:rd gate 1f { }']);
  });
});
