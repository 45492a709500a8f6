import type { Command } from 'commander';
import { oneLine, UserError } from '../session/errors.ts';

/** A value that a flag takes: how to read it, and in words what is allowed. */
export interface FlagValue<T> {
  readonly allowed: string;
  /** Undefined for what is not allowed. */
  parse(text: string): T | undefined;
}

/** The parser of a flag; the error line is like that of a launch file's field. */
export const flag =
  <T>(name: string, value: FlagValue<T>) =>
  (text: string): T => {
    const parsed = value.parse(text);
    if (parsed === undefined) throw new UserError(`${name}: must be ${value.allowed} (got ${JSON.stringify(text)})`);
    return parsed;
  };

export const oneOf = <T extends string>(values: readonly T[]): FlagValue<T> => ({
  allowed: `one of ${values.join(', ')}`,
  parse: (text) => values.find((value) => value === text),
});

export const portNumber: FlagValue<number> = {
  allowed: '0 to 65535',
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) < 65536 ? Number(text) : undefined),
};

/** Commander's complaint about a command line, as our one line that ends in what is allowed. */
export function usageError(command: Command, complaint: string): string {
  const text = oneLine(complaint).replace(/^error: /, '');
  if (text.startsWith('unknown option')) return `keyhole: ${text}; allowed: ${longFlags(command)}\n`;
  if (text.startsWith('unknown command')) return `keyhole: ${text}; allowed: ${subcommands(command)}\n`;
  const missing = /^option '(?:-\w, )?(--\w+) .*' argument missing/.exec(text)?.[1];
  const option = command.options.find(({ long }) => long === missing);
  if (option) return `keyhole: ${option.long}: missing its value: ${option.description}\n`;
  return `keyhole: ${text.replace(/\.$/, '')}; allowed: ${command.name()} ${command.usage()}\n`;
}

const longFlags = (command: Command): string => [...command.options.map(({ long }) => long), '--help'].join(', ');
const subcommands = (command: Command): string => command.commands.map((sub) => sub.name()).join(', ');
