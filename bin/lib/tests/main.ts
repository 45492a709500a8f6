/** Runs the stages of bin/test one after another and prints what came of them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import type { Counts } from './counts.ts';
import { type Stage, stages } from './stages.ts';

interface Outcome extends Counts {
  readonly seconds: number;
  /** Why the stage is not simply counted, if there is something to say. */
  readonly note: string;
}

const logOf = (stage: Stage): string => `build/log/test-${stage.name.replaceAll(/\W+/g, '-')}.log`;

let running: ChildProcess | undefined;
const stopRunning = () => {
  // The stage leads a process group of its own, so nothing that it started outlives it.
  if (running?.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopRunning();
    process.exit(130);
  });
}

/** Runs the stage's command with its output in the log; answers its exit status, or what kept it from having one. */
const runCommand = (stage: Stage): Promise<number | string> =>
  new Promise((resolve) => {
    const log = openSync(logOf(stage), 'w');
    const [program = '', ...args] = stage.command;
    const env = { ...process.env, NO_COLOR: '1', ...stage.env };
    const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true, env });
    running = child;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      stopRunning();
    }, stage.limitSeconds * 1000);
    const finish = (result: number | string) => {
      clearTimeout(timer);
      running = undefined;
      closeSync(log);
      resolve(late ? `killed after ${stage.limitSeconds} s` : result);
    };
    child.on('error', (error) => finish(`could not run: ${error.message}`));
    child.on('exit', (code, signal) => finish(code ?? `ended by ${signal}`));
  });

/** Counts from the report; a stage that failed without one, or whose report shows no failure, counts as one failure. */
const countStage = (stage: Stage, status: number | string): Counts & { note: string } => {
  const failed = { passed: 0, failed: 1, skipped: 0 };
  if (typeof status === 'string') return { ...failed, note: status };
  if (!stage.report) return { ...(status === 0 ? { ...failed, passed: 1, failed: 0 } : failed), note: '' };
  try {
    const counts = stage.report.count(readFileSync(stage.report.file, 'utf8'));
    if (status === 0 || counts.failed > 0) return { ...counts, note: counts.note ?? '' };
    return { ...counts, failed: 1, note: `exit status ${status}` };
  } catch (error) {
    return { ...failed, note: `no usable report: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const runStage = async (stage: Stage): Promise<Outcome> => {
  if (stage.report) rmSync(stage.report.file, { force: true });
  const start = performance.now();
  const status = await runCommand(stage);
  return { ...countStage(stage, status), seconds: (performance.now() - start) / 1000 };
};

const row = (name: string, seconds: number, counts: Counts, note: string): string => {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  const cells = [name.padEnd(12), seconds.toFixed(1).padStart(7), String(counts.passed).padStart(7)];
  return `${cells.join('')}${String(counts.failed).padStart(8)}  ${note}${skipped}`.trimEnd();
};

const showLog = (stage: Stage) => {
  const lines = readFileSync(logOf(stage), 'utf8').trimEnd().split('\n');
  console.log(lines.slice(-80).join('\n'));
  console.log(`the whole log: ${logOf(stage)}`);
};

const quick = process.argv.includes('--quick');
mkdirSync('build/log', { recursive: true });
console.log('stage       seconds passed  failed');
const total = { passed: 0, failed: 0, skipped: 0 };
const begin = performance.now();
for (const stage of stages.filter((one) => one.quick || !quick)) {
  const outcome = await runStage(stage);
  console.log(row(stage.name, outcome.seconds, outcome, outcome.note));
  if (outcome.failed > 0) showLog(stage);
  total.passed += outcome.passed;
  total.failed += outcome.failed;
  total.skipped += outcome.skipped;
}
console.log(row('all', (performance.now() - begin) / 1000, total, ''));
console.log(`tests: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
