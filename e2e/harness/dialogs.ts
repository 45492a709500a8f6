interface Asked {
  readonly kind: 'save' | 'open' | 'question';
  readonly options: object;
}

/** `electron.dialog`: answers what the test has prepared, and keeps what was shown. */
export class HarnessDialogs {
  readonly errors: { title: string; text: string }[] = [];
  /** Answers to come, in order; null = the person cancels. */
  readonly savePaths: (string | null)[] = [];
  readonly openPaths: (string | null)[] = [];
  /** Numbers of the buttons to be pressed, in order. */
  readonly choices: number[] = [];
  readonly #asked: Asked[] = [];

  get asked(): readonly Asked[] {
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

  async showMessageBox(_window: unknown, options: object): Promise<{ response: number }> {
    this.#asked.push({ kind: 'question', options });
    return { response: next(this.choices, 'question') };
  }

  showErrorBox(title: string, text: string): void {
    this.errors.push({ title, text });
  }
}

function next<T>(answers: T[], kind: string): T {
  const answer = answers.shift();
  if (answer === undefined) throw new Error(`an unexpected ${kind} dialog: the test has prepared no answer`);
  return answer;
}
