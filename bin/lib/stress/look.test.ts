import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { family, look } from './look.ts';

test('a sleeping child is found and described', () => {
  const child = spawn('sleep', ['60']);
  try {
    expect(family(process.pid)).toContain(child.pid);
    const text = look(process.pid);
    expect(text).toMatch(new RegExp(`^${process.pid}  `));
    expect(text).toMatch(new RegExp(`^  ${child.pid}  .*State:.*TracerPid:\\s*0`, 'm'));
  } finally {
    child.kill('SIGKILL');
  }
});
