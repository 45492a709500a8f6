import { Command, CommanderError } from 'commander';
import { messageOf, UserError } from '../session/errors.ts';
import { attach, processNumber } from './attach.ts';
import type { CliContext } from './context.ts';
import { demo } from './demo/demo.ts';
import { openFile } from './open.ts';
import { fileName } from './output-file.ts';
import { planTls } from './plan-tls.ts';
import { policyValue } from './policy-flag.ts';
import { printable } from './printable.ts';
import { record } from './record.ts';
import { serve } from './serve.ts';
import { flag, oneOf, portNumber, usageError } from './usage.ts';

const keysValue = oneOf(['auto', 'hardware', 'emulated']);
const attachedKeys = oneOf(['auto', 'hardware']);

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
    context.stderr.write(`keyhole: ${messageOf(thrown).split('\n').map(printable).join('\n')}\n`);
    return thrown instanceof UserError ? thrown.status : 1;
  }
}

function describeProgram(context: CliContext, done: (status: number) => void): Command {
  const program = new Command('keyhole')
    .description('Inspector for programs split into compartments with memory protection keys')
    .version(context.paths.version);
  program
    .command('record')
    .description('run a program under Keyhole without a window and say what happened')
    .usage('[options] [-- PROGRAM ARGS…]')
    .argument('[program...]', 'the program and its arguments, instead of --launch')
    .option('--launch <file>', 'a launch file (JSON)', flag('--launch', fileName))
    .option('--policy <policy>', policyValue.allowed, flag('--policy', policyValue))
    .option('--keys <keys>', keysValue.allowed, flag('--keys', keysValue))
    .option('-o, --output <file>', 'the file to save the session to (.keyhole)', flag('--output', fileName))
    .option('--json', 'print one JSON object instead of text')
    .option('--verify', "hold Keyhole's picture of the memory to the kernel's at every stop (slow)")
    .addHelpText(
      'after',
      "\nThe program's own output goes to stderr; it reads Keyhole's own input. --policy and --keys win over the launch file.",
    )
    .action(async (words: string[], options) => done(await record(context, words, options)));
  program
    .command('attach')
    .description('watch a process that runs already; ^C lets go of it and says what happened')
    .argument('<pid>', processNumber.allowed, flag('PID', processNumber))
    .option('--launch <file>', 'a launch file (JSON) whose compartments and policy hold', flag('--launch', fileName))
    .option('--policy <policy>', policyValue.allowed, flag('--policy', policyValue))
    .option('--keys <keys>', attachedKeys.allowed, flag('--keys', keysValue))
    .option('-o, --output <file>', 'the file to save the session to (.keyhole)', flag('--output', fileName))
    .option('--json', 'print one JSON object instead of text')
    .addHelpText(
      'after',
      '\nOnly with protection keys of the CPU can the program be changed; without, it is observed and nothing else.',
    )
    .action(async (pid: number, options) => done(await attach(context, pid, options)));
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
    .option('--port <port>', 'port on 127.0.0.1, 0 to 65535; 0 takes a free one', flag('--port', portNumber), 0)
    .option('--no-open', 'do not open a browser window')
    .action((file: string | undefined, options) => serve(context, file, options));
  program
    .command('demo')
    .description('run the demonstration (examples/dav1d-split) and print its table')
    .action(async () => done(await demo(context)));
  for (const command of [program, ...program.commands]) speakPlainly(command, context);
  return program;
}

/** Errors are one line and never end the process; help and version go where they are told. */
function speakPlainly(command: Command, context: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => context.stdout.write(text),
    writeErr: (text) => context.stderr.write(text),
    outputError: (text, write) => write(usageError(command, text)),
  });
}
