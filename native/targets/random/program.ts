/** A random program as a value, and as the text that the interpreter takes (ops.h says what each step does). */

export interface Step {
  readonly name: string;
  readonly args: readonly number[];
  /** Who runs it; within a body: who runs the step around it. */
  readonly thread?: number;
  readonly body?: readonly Step[];
}

const print = ({ name, args, thread, body }: Step): string =>
  [
    thread === undefined ? name : `${thread}:${name}`,
    ...args.map((value) => (value >>> 0).toString(16)),
    ...(body ? ['{', ...body.map(print), '}'] : []),
  ].join(' ');

export const textOf = (steps: readonly Step[]): string => steps.map(print).join(' ');

/** Every program that lacks one step, or one step's body around its contents: what a reduction tries. */
export function smaller(steps: readonly Step[]): Step[][] {
  const found: Step[][] = [];
  steps.forEach((step, i) => {
    const with_ = (...put: Step[]): Step[] => [...steps.slice(0, i), ...put, ...steps.slice(i + 1)];
    if (step.name !== 'spawn') found.push(with_());
    if (!step.body) return;
    if (step.name !== 'fork') found.push(with_(...step.body.map((one) => ({ thread: step.thread ?? 0, ...one }))));
    for (const body of smaller(step.body)) found.push(with_({ ...step, body }));
  });
  return found;
}
