/** Where the engine has a program run: beside itself while it stops often, wherever the program may when it does not. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { record, root, shown } from './record.ts';

it.skipIf(availableParallelism() < 2)('runs a thread that stops often on the engine’s own processor', () => {
  const { output } = record({ program: join(root, 'build/targets/own_place'), args: ['20'], policy: 'observe' });
  const names = shown(output);
  const busy = BigInt(names.get('busy') ?? 0);
  expect(busy).toBeGreaterThan(0n);
  expect(busy & (busy - 1n)).toBe(0n);
  expect(names.get('own')).toBeGreaterThan(Number(busy));
});
