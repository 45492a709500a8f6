/** `electron.dialog`: answers what the test has prepared, and keeps what was shown. */
export class HarnessDialogs {
  readonly errors: { title: string; text: string }[] = [];
  /** Answers to come, in order; null = the person cancels. */
  readonly savePaths: (string | null)[] = [];
  readonly openPaths: (string | null)[] = [];
  readonly #asked: { kind: 'save' | 'open'; options: object }[] = [];

  get asked(): readonly { kind: 'save' | 'open'; options: object }[] {
    return this.#asked;
  }

  async showSaveDialog(_window: unknown, options: object): Promise<{ canceled: boolean; filePath: string }> {
    this.#asked.push({ kind: 'save', options });
    const path = next(this.savePaths, 'save');
    return { canceled: path === null, filePath: path ?? '' };
  }

  async showOpenDialog(_window: unknown, options: object): Promise<{ canceled: boolean; filePaths: string[] }> {
    this.#asked.push({ kind: 'open', options });
    const path = next(this.openPaths, 'open');
    return { canceled: path === null, filePaths: path === null ? [] : [path] };
  }

  showErrorBox(title: string, text: string): void {
    this.errors.push({ title, text });
  }
}

function next(answers: (string | null)[], kind: string): string | null {
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`an unexpected ${kind} dialog: the test has prepared no answer`);
  return answer;
}
