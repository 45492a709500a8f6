import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { EngineLaunch } from '../../../core/contract/launch.ts';
import type { RecordSummary } from '../../../core/contract/record.ts';
import { faultWords } from '../../../core/model/explain.ts';
import { History } from '../../../core/model/history.ts';
import { rowsOfKind } from '../../../core/model/scan.ts';
import { recordSummary } from '../../../core/model/summary.ts';
import { fsOffset } from '../../../core/model/tls.ts';
import { UserError } from '../../session/errors.ts';
import { Session } from '../../session/session.ts';
import type { CliContext } from '../context.ts';
import { modelLog } from '../print-summary.ts';

/** The program without Keyhole: what everything is compared with. */
export interface NativeRun {
  readonly seconds: number;
  /** What dav1d prints with its md5 muxer: the MD5 of all decoded frames; null when it printed none. */
  readonly md5: string | null;
  readonly exit: string;
}

/** The first denied access of a run, as the table names it. */
export interface FirstDenial {
  readonly class: string;
  /** `%fs:0x28` where it lies in the thread's own TLS, else the address. */
  readonly address: string;
  readonly module: string | null;
  readonly symbol: string | null;
}

export interface KeyholeRun {
  readonly seconds: number;
  readonly md5: string | null;
  readonly summary: RecordSummary;
  readonly first: FirstDenial | null;
}

/** Runs the program by itself a few times; the quickest run counts, the output has to be the same each time. */
export async function runNative(launch: EngineLaunch, times: number): Promise<NativeRun> {
  let best: NativeRun | null = null;
  for (let i = 0; i < times; i++) {
    const run = await runOnce(launch);
    if (best && best.md5 !== run.md5) throw new UserError(`${launch.program}: its output differs from run to run`, 1);
    if (!best || run.seconds < best.seconds) best = run;
  }
  if (!best) throw new RangeError('times must be at least 1');
  return best;
}

async function runOnce(launch: EngineLaunch): Promise<NativeRun> {
  const env = Object.fromEntries(launch.env.map((entry) => entry.split(/=(.*)/s, 2)));
  const output: Buffer[] = [];
  const start = performance.now();
  const child = spawn(launch.program, [...launch.args], { cwd: launch.cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  const [code, signal] = await once(child, 'close');
  return { seconds: (performance.now() - start) / 1000, md5: printedMd5(output), exit: signal ?? `exit ${code}` };
}

/** Runs the program under Keyhole. */
export async function runKeyhole(context: CliContext, launch: EngineLaunch): Promise<KeyholeRun> {
  const output: Buffer[] = [];
  const start = performance.now();
  const session = Session.launch(context.native(), launch, { kind: 'live', title: launch.program, launchPath: null });
  const release = context.onInterrupt(() => session.dispose());
  session.subscribe({
    output: (stream, chunk) => {
      if (stream === 'stdout') output.push(chunk);
    },
  });
  await session.ended;
  const seconds = (performance.now() - start) / 1000;
  release();
  if (session.failure !== null) throw new UserError(`${launch.program}: the engine failed: ${session.failure}`, 1);
  const log = modelLog(session);
  session.dispose();
  const history = new History(log);
  return { seconds, md5: printedMd5(output), summary: recordSummary(log, history), first: firstDenial(history) };
}

function firstDenial(history: History): FirstDenial | null {
  const { log } = history;
  const row = rowsOfKind(log, 'fault').find((at) => log.needFacts(at, 'fault').outcome !== 'plain');
  if (row === undefined) return null;
  const { site, facts, class: kind } = faultWords(log, history.at(row), row);
  return {
    class: kind,
    address: site.offset === null ? facts.address : fsOffset(site.offset),
    module: facts.instruction.module,
    symbol: facts.instruction.symbol,
  };
}

const printedMd5 = (output: readonly Buffer[]): string | null =>
  /^([0-9a-f]{32})\s*$/.exec(Buffer.concat(output).toString())?.[1] ?? null;
