import { presetNames } from '../../core/contract/policies.ts';

/**
 * What each field of a launch file may hold, in words that follow "must be". List elements are written `[]`,
 * names of the person's own choice `*`. A test holds this table and the schema together.
 */
export const launchFields: Readonly<Record<string, string>> = {
  '': 'a JSON object with at least "program"',
  program: 'the path or name of a program',
  args: 'a list of strings',
  'args[]': 'a string',
  env: 'an object of "NAME": "value"',
  'env.*': 'a string, under a variable name without "="',
  cwd: 'the path of a folder',
  keys: 'one of auto, hardware, emulated',
  gates: 'one of program, virtual',
  compartments: 'a list of {key, name, modules}',
  'compartments[]': 'an object with key, name and modules',
  'compartments[].key': '1 to 15',
  'compartments[].name': 'a name',
  'compartments[].modules': 'a list of at least one file-name pattern or {match, code, tag}',
  'compartments[].modules[]': 'a file-name pattern (* and ? allowed), the word main, or {match, code, tag}',
  'compartments[].modules[].match': 'a file-name pattern (* and ? allowed) or the word main',
  'compartments[].modules[].code': 'one of own, caller',
  'compartments[].modules[].tag': 'a list of segments, tls',
  'compartments[].modules[].tag[]': 'one of segments, tls',
  policy: `one of ${presetNames.join(', ')}, or a policy object`,
  'policy.name': 'a name',
  'policy.tag': 'true or false',
  'policy.carveOuts': 'a list of carve-out rules',
  'policy.carveOuts[]': 'one of slot, tcb, dtv, rseq, pthread, below-tcb:N (1 to 99), symbol:MODULE:NAME',
  'policy.maxCarveOuts': '0 to 128',
  'policy.startupTcb': 'true or false',
  rounding: 'one of padded, outward',
  onFault: 'one of deliver, stop, step-over',
  tracerPolicy: 'one of off, record, enforce',
  rseq: 'one of keep, off',
  pauseOn: 'a list of at most 32 events',
  'pauseOn[]': 'one of fault, tag, thread-birth, policy, or a range of addresses like 0x1000-0x2000',
};

/** A path of zod as a key of `launchFields`. */
export function fieldOf(path: readonly PropertyKey[]): string {
  let field = '';
  path.forEach((part, i) => {
    if (typeof part === 'number') field += '[]';
    else field += `${i > 0 ? '.' : ''}${path[i - 1] === 'env' && i === 1 ? '*' : String(part)}`;
  });
  return field;
}

/** A path of zod as a person writes it: `compartments[1].key`. */
export const pathText = (path: readonly PropertyKey[]): string =>
  path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`)).join('');

/** The field names that an object at `field` may have. */
export function knownNames(field: string): string[] {
  const prefix = field === '' ? '' : `${field}.`;
  return Object.keys(launchFields)
    .filter((name) => name.startsWith(prefix) && name !== field)
    .map((name) => name.slice(prefix.length))
    .filter((name) => !/[.[*]/.test(name));
}
