import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { EngineLaunch } from '../../core/contract/launch.ts';
import { messageOf, oneLine, UserError } from '../session/errors.ts';
import type { CliContext } from './context.ts';
import { demo } from './demo/demo.ts';
import { openFile } from './open.ts';
import { planTls } from './plan-tls.ts';
import { parsePolicy, policyAllowed } from './policy-flag.ts';
import { record } from './record.ts';
import { serve } from './serve.ts';

const keysAllowed: readonly EngineLaunch['keys'][] = ['auto', 'hardware', 'emulated'];

/** Runs one command line; resolves with the exit status: 0 well, 1 the work failed, 2 a mistake in the command line. */
export async function runCli(args: readonly string[], context: CliContext): Promise<number> {
  let status = 0;
  const program = describeProgram(context, (code) => {
    status = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return status;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    context.stderr.write(`keyhole: ${messageOf(thrown)}\n`);
    return thrown instanceof UserError ? thrown.status : 1;
  }
}

function describeProgram(context: CliContext, done: (status: number) => void): Command {
  const program = new Command('keyhole')
    .description('Inspector for programs split into compartments with memory protection keys')
    .version(context.paths.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: (text, write) => write(`keyhole: ${oneLine(text).replace(/^error: /, '')}\n`),
    });
  const flags = '--policy, --keys, --launch, --json, -o';

  program
    .command('record')
    .description('run a program under Keyhole without a window and say what happened')
    .usage('[options] [-- PROGRAM ARGS…]')
    .argument('[program...]', 'the program and its arguments, instead of --launch')
    .option('--launch <file>', 'launch file (JSON)')
    .option('--policy <policy>', 'another policy than the launch file names', flag(parsePolicy, policyAllowed))
    .option('--keys <keys>', `${keysAllowed.join(', ')}`, flag(oneOf(keysAllowed), `one of ${keysAllowed.join(', ')}`))
    .option('-o, --output <file>', 'save the session as a snapshot (.keyhole)')
    .option('--json', 'print one JSON object instead of text')
    .addHelpText('after', `\nThe program's own output goes to stderr. Flags of Keyhole (${flags}) go before --.`)
    .action(async (words: string[], options) => done(await record(context, words, options)));
  program
    .command('open')
    .description('say what a snapshot holds')
    .argument('<file>', 'snapshot (.keyhole)')
    .option('--json', 'print one JSON object, the same as record --json')
    .action((file: string, options) => openFile(context, file, options));
  program
    .command('plan-tls')
    .description('plan tags of thread-local storage: one JSON object a line in, one a line out')
    .action(() => planTls(context));
  program
    .command('serve')
    .description('serve the window on loopback, for a browser on this machine')
    .argument('[file]', 'launch file or snapshot to begin with')
    .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', flag(port, '0 to 65535'), 0)
    .option('--no-open', 'do not open a browser window')
    .action((file: string | undefined, options) => serve(context, file, options));
  program
    .command('demo')
    .description('run the demonstration (examples/dav1d-split) and print its table')
    .action(async () => done(await demo(context)));
  return program;
}

/** A flag's parser: what it answers undefined for is refused, with what is allowed. */
const flag =
  <T>(parse: (text: string) => T | undefined, allowed: string) =>
  (text: string): T => {
    const value = parse(text);
    if (value === undefined) throw new InvalidArgumentError(`Allowed: ${allowed}.`);
    return value;
  };

const oneOf =
  <T extends string>(allowed: readonly T[]) =>
  (text: string): T | undefined =>
    allowed.find((value) => value === text);

const port = (text: string): number | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) < 65536 ? Number(text) : undefined;
