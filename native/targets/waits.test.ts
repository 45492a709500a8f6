/** Waits whose end and the end of the thread's turn fall together. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { record, root } from './record.ts';

beforeAll(() => {
  execFileSync('make', ['-s', '-C', join(root, 'native/targets')]);
});

it('a wait that its own mask lets a signal end, ends after the handler has run', () => {
  const { summary, output } = record({ program: join(root, 'build/targets/masked_epoll'), policy: 'observe' });
  expect(output).toBe('ok\n');
  expect(summary.exit).toEqual({ code: 0 });
  expect(summary.events.byKind).toMatchObject({ signal: 100 });
});
