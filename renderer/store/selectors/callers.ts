/** Source lines, callers and debugger commands of a fault, in words. What is not known says why. */
import type { FaultFacts, Frame, SessionFacts, SourceLine } from '../../../core/contract/details.ts';

/** `lib.c:30`, the whole path apart. */
export const lineWords = ({ file, line }: SourceLine): string => `${file.slice(file.lastIndexOf('/') + 1)}:${line}`;

/** The source line of the instruction; in words where there is none. */
export function sourceWords({ source }: FaultFacts['instruction']): string {
  if (source === undefined) return 'source line not recorded';
  return source === null ? 'no debug information' : `${source.file}:${source.line}`;
}

/** How the frames were found, honestly: `12 frames, by call-frame information`. */
export function foundWords(frames: readonly Frame[]): string {
  const guessed = frames.filter((frame) => frame.by === 'frame-pointer').length;
  const many = `${frames.length} ${frames.length === 1 ? 'frame' : 'frames'}`;
  if (frames.length < 2) return many;
  if (guessed === 0) return `${many}, by call-frame information`;
  return `${many}, ${guessed} by frame pointers, which may skip a caller`;
}

/** A word of a command line as a shell reads it back. */
const shell = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/**
 * The command that brings gdb to the access. A launched program can have one tracer only, so gdb runs it anew: nothing
 * is denied there, so that a breakpoint stands for the fault.
 */
export function gdbCommand(session: SessionFacts | null, facts: FaultFacts): string | null {
  if (!session) return null;
  if (session.attached) return `gdb -p ${session.attached.pid}`;
  const { source, symbol } = facts.instruction;
  const place = source
    ? `break ${source.file}:${source.line}`
    : symbol
      ? `break *(${symbol.split('@')[0]}${plus(symbol)})`
      : null;
  const stops = ['start', ...(place ? [place, 'continue'] : [])].map((word) => `-ex ${shell(word)}`).join(' ');
  return `gdb ${stops} --args ${[session.program, ...session.args].map(shell).join(' ')}`;
}

/** `+0x1d` of `dav1d_parse_obus@@V1+0x1d`. */
const plus = (symbol: string): string => (symbol.includes('@') ? (/\+0x[0-9a-f]+$/.exec(symbol)?.[0] ?? '') : '');
