/**
 * A mistake that the person in front of Keyhole can mend. Its message is one line that says what is wrong and what
 * is allowed. `status` is the exit status of the command line: 2 for a wrong flag or file, 1 when the work failed.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2 = 2) {
    super(oneLine(message));
    this.status = status;
  }
}

/** Folds line breaks and control characters, so that an error is one line whatever it quotes. */
export const oneLine = (text: string): string =>
  text
    .replace(/\s*[\r\n]+\s*/g, ' ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
    .replace(/[\u0000-\u001f\u007f]/g, '?')
    .trim();

/** The message of anything that was thrown, as one line. */
export const messageOf = (thrown: unknown): string =>
  oneLine(thrown instanceof Error ? thrown.message : String(thrown));

/** The `code` of a system error (`ENOENT`), or undefined. */
export const errorCode = (thrown: unknown): string | undefined =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
