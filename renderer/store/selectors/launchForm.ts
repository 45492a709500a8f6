/** What the launch form holds beside program, arguments and policy, and how it becomes a launch file. */
import type { LaunchFile } from '../../../core/contract/launch.ts';
import type { PauseRule } from '../../../core/contract/pause.ts';
import type { PresetName } from '../../../core/contract/policies.ts';

/** The choice beside the presets: no preset has a space in its name. */
export const OWN = 'my own';

/** What a policy of one's own looks like: the default, to begin with. */
export const ownPolicy = `{
  "name": "mine",
  "carveOuts": ["slot", "tcb"],
  "maxCarveOuts": 2,
  "startupTcb": true
}`;

/** Fields with a few words to choose from. */
export const launchChoices = [
  { field: 'gates', label: 'Gates', values: ['program', 'virtual'] },
  { field: 'keys', label: 'Keys', values: ['auto', 'hardware', 'emulated'] },
  { field: 'onFault', label: 'On a denied access', values: ['deliver', 'stop', 'step-over'] },
  { field: 'rounding', label: 'Rounding', values: ['padded', 'outward'] },
  { field: 'tracerPolicy', label: 'Rules for calls', values: ['off', 'record', 'enforce'] },
  { field: 'rseq', label: 'rseq', values: ['keep', 'off'] },
] as const;

export interface MoreFields {
  /** JSON, or empty. */
  readonly compartments: string;
  /** `NAME=value` a line. */
  readonly env: string;
  readonly cwd: string;
  readonly chosen: Readonly<Partial<Record<(typeof launchChoices)[number]['field'], string>>>;
  readonly pauseOn: readonly PauseRule[];
}

export const noMore: MoreFields = { compartments: '', env: '', cwd: '', chosen: {}, pauseOn: [] };

/** As a launch file says it; what was left alone is left out. Throws where the text is none; the rest is the session's to check. */
export function formLaunch({ compartments, env, cwd, chosen, pauseOn }: MoreFields): Partial<LaunchFile> {
  const picked = Object.fromEntries(Object.entries(chosen).filter(([, value]) => value !== ''));
  return {
    ...(picked as Partial<LaunchFile>),
    ...(compartments.trim() === ''
      ? {}
      : { compartments: jsonOf('compartments', compartments) as LaunchFile['compartments'] }),
    ...(env.trim() === '' ? {} : { env: variables(env) }),
    ...(cwd.trim() === '' ? {} : { cwd: cwd.trim() }),
    ...(pauseOn.length === 0 ? {} : { pauseOn: [...pauseOn] }),
  };
}

/** The policy of the form: a preset by its name, or one of the person's own as a launch file writes it. */
export const formPolicy = (choice: PresetName | typeof OWN, own: string): LaunchFile['policy'] =>
  choice === OWN ? (jsonOf('policy', own) as LaunchFile['policy']) : choice;

/** A value of a launch file from the text of a field; what it holds is the session's to check. */
function jsonOf(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${field}: not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function variables(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      if (at < 1) throw new Error(`env: ${line} must be NAME=value`);
      return [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}
