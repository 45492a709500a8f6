import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { planLine } from '../session/plan-line.ts';
import type { CliContext } from './context.ts';

/** Answers are written together, not one system call each. */
const CHUNK_CHARACTERS = 1 << 16;

/** Plans line by line, in order: one answer for each line, whatever it holds. */
export async function planTls(context: CliContext): Promise<void> {
  const native = context.native();
  let pending = '';
  const flush = async (): Promise<void> => {
    const ready = context.stdout.write(pending);
    pending = '';
    if (!ready) await once(context.stdout, 'drain');
  };
  for await (const line of createInterface({ input: context.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    pending += `${planLine(native, line)}\n`;
    if (pending.length > CHUNK_CHARACTERS) await flush();
  }
  if (pending !== '') await flush();
}
