/** Runs random programs under Keyhole, many in one host, and says what each printed and how it ended. */
import { join } from 'node:path';
import type { Native } from '../../../core/contract/engine.ts';
import { EventLog } from '../../../core/model/eventLog.ts';
import { recordSummary } from '../../../core/model/summary.ts';
import { checkLaunch } from '../../../electron/session/load-launch.ts';
import { loadNative } from '../../../electron/session/native.ts';
import { appPaths } from '../../../electron/session/paths.ts';
import { resolveLaunch } from '../../../electron/session/resolve.ts';
import { Session } from '../../../electron/session/session.ts';

const LIMIT_MS = 30_000;

export interface Runner {
  /** The program's output and end, as the guest's script writes them; what Keyhole got wrong is added. */
  run(text: string): Promise<string>;
}

/** A host over the built engine of the repository at `root`; keys as the machine has them. */
export function runner(root: string): Runner {
  const paths = appPaths(root);
  const native = loadNative(paths);
  return { run: (text) => runOne(native, root, paths.helper, text) };
}

async function runOne(native: Native, root: string, helper: string, text: string): Promise<string> {
  const program = join(root, 'build/targets/random');
  const launch = resolveLaunch(checkLaunch({ program, args: [text], policy: 'observe' }, 'random'), {
    ...{ where: 'random', base: root, fromFile: false, cwd: '/', env: process.env, helper },
    hasPku: native.hasPku(),
  });
  const session = Session.launch(native, launch, { kind: 'live', title: 'random', launchPath: null });
  const parts: Buffer[] = [];
  session.subscribe({ output: (_stream, chunk) => parts.push(chunk) });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    session.dispose();
  }, LIMIT_MS);
  await session.ended;
  clearTimeout(timer);
  const output = Buffer.concat(parts).toString('latin1');
  if (late) return `${output}Keyhole: no end within ${LIMIT_MS / 1000} s\n`;
  if (session.failure !== null) return `${output}Keyhole: ${session.failure}\n`;
  const log = new EventLog();
  for (const batch of session.log.batches) log.append(batch);
  const { exit, events, findings } = recordSummary(log);
  const end = exit === null ? 'exit unknown' : 'code' in exit ? `exit ${exit.code}` : `killed by ${exit.signal}`;
  const wrong = findings.filter((one) => one.class === 'engine-error').map((one) => `Keyhole: ${one.text}\n`);
  if (events.dropped > 0) wrong.push(`Keyhole: ${events.dropped} events dropped\n`);
  return `${output}${end}\n${wrong.join('')}`;
}
