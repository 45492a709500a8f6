import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { EngineLaunch } from '../../../core/contract/launch.ts';
import { loadLaunch } from '../../session/load-launch.ts';
import { launchBase, resolveLaunch } from '../../session/resolve.ts';
import type { CliContext } from '../context.ts';
import { checkNoneDropped, demoCases } from './cases.ts';
import { type DemoRow, demoTable } from './report.ts';
import { type NativeRun, runKeyhole, runNative } from './runs.ts';

const NATIVE_RUNS = 3;

/**
 * The demonstration: Debian's unmodified dav1d dies where the split TLS policy is missing and runs to its end under
 * it. Every number is of this run. 0 when all expectations hold, else 1 and each one that does not is named.
 */
export async function demo(context: CliContext): Promise<number> {
  const folder = join(context.paths.examples, 'dav1d-split');
  const natives = new Map<number, NativeRun>();
  const rows: DemoRow[] = [];
  const failures: string[] = [];
  for (const { file, check } of demoCases) {
    const launch = resolveCase(context, join(folder, file));
    const threads = threadsOf(launch.args);
    say(context, `running ${file}`);
    const native = natives.get(threads) ?? (await runNative(launch, NATIVE_RUNS));
    natives.set(threads, native);
    if (native.exit !== 'exit 0') failures.push(`without Keyhole: expected exit 0, got ${native.exit}`);
    const run = await runKeyhole(context, launch);
    rows.push({ policy: launch.policy.name, rseq: launch.rseq, threads, run, native });
    failures.push(...[...check(run, native), ...checkNoneDropped(run)].map((failure) => `${file}: ${failure}`));
  }
  context.stdout.write(`${headline(context, rows)}\n${demoTable(rows)}\n`);
  for (const failure of failures) context.stdout.write(`NOT AS EXPECTED  ${failure}\n`);
  if (failures.length === 0) context.stdout.write('Every expectation of the demonstration holds.\n');
  return failures.length === 0 ? 0 : 1;
}

function resolveCase(context: CliContext, file: string): EngineLaunch {
  const { cwd, env, paths } = context;
  const hasPku = context.native().hasPku();
  const scene = { where: file, base: launchBase(file), fromFile: true, cwd, env, helper: paths.helper, hasPku };
  return resolveLaunch(loadLaunch(file), scene);
}

const threadsOf = (args: readonly string[]): number => Number(args[args.indexOf('--threads') + 1] ?? 0);

/** What ran where. */
function headline(context: CliContext, rows: readonly DemoRow[]): string {
  const summary = rows[0]?.run.summary;
  const native = rows.map(
    ({ threads, native }) => `${threads} thread${threads === 1 ? '' : 's'} ${native.seconds.toFixed(2)} s`,
  );
  const md5 = [...new Set(rows.map((row) => row.native.md5 ?? 'none'))];
  return [
    `Keyhole ${context.paths.version}: dav1d decodes a clip, unmodified, as two compartments (examples/dav1d-split).`,
    `This run: ${summary?.keys ?? 'unknown'} keys, ${summary?.gates ?? 'unknown'} gates; Linux ${release()}, ${cpus().length} CPUs.`,
    `Without Keyhole: ${[...new Set(native)].join(', ')} (the quickest of ${NATIVE_RUNS}); MD5 of all frames ${md5.join(', ')}.`,
    '',
  ].join('\n');
}

const say = (context: CliContext, text: string): void => {
  if (context.stderr.isTTY) context.stderr.write(`keyhole: ${text}\n`);
};
