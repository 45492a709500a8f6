/** Runs random programs under Keyhole and says what each printed and how it ended. */
import type { ExitFacts } from '../../../core/contract/details.ts';
import type { Host } from '../host.ts';

const LIMIT_MS = 40_000;

const endOf = (exit: ExitFacts | null): string => {
  if (exit === null) return 'no end was seen';
  return 'code' in exit ? `exit ${exit.code}` : `killed by ${exit.signal}`;
};

/** One program, as text; the answer is what the shell on real keys writes, and what Keyhole itself got wrong. */
export async function runRandom(host: Host, program: string, text: string): Promise<string> {
  try {
    const { output, summary } = await host.run({ program, args: [text], policy: 'observe' }, { limitMs: LIMIT_MS });
    const wrong = summary.findings.filter((one) => one.class === 'engine-error').map((one) => `${one.text}\n`);
    if (summary.events.dropped > 0) wrong.push(`${summary.events.dropped} events dropped\n`);
    return `${output}${endOf(summary.exit)}\n${wrong.join('')}`;
  } catch (error) {
    return `Keyhole: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

/** Runs of many programs in one file: each begins with `=== SEED`. */
export function splitRuns(text: string): ReadonlyMap<string, string> {
  const runs = text.split(/^=== /m).slice(1);
  return new Map(runs.map((run) => [run.slice(0, run.indexOf('\n')), run.slice(run.indexOf('\n') + 1)]));
}
