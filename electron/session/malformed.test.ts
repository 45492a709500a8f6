import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { launchFileSchema } from '../../core/contract/launch.ts';
import { UserError } from './errors.ts';
import { launchFields } from './launch-fields.ts';
import { loadLaunch } from './load-launch.ts';
import { launchBase, resolveLaunch } from './resolve.ts';
import { tempFolder } from './testing/scene.ts';

const minimal = { program: '/bin/true' };
const fields =
  'program, args, env, cwd, keys, gates, compartments, policy, rounding, onFault, tracerPolicy, rseq, pauseOn';
const compartment = { key: 1, name: 'a', modules: ['main'] };

/** What stands in the file, and the whole line that answers it (after the file's name). */
const malformed: readonly (readonly [name: string, text: string | object, line: string])[] = [
  ['an empty file', '', ':1:1: not JSON: JSON value expected but reached end of input'],
  ['a cut file', '{\n  "program": "x",\n', ':3:1: not JSON: Quoted object key expected but reached end of input'],
  ['a comma too many', '{\n  "program": "x",\n}', ":3:1: not JSON: Quoted object key expected but got '}'"],
  ['a comment', '// mine\n{}', ":1:1: not JSON: JSON value expected but got '/'"],
  ['a field given twice', '{"keys": "auto",\n "keys": "hardware"}', ":2:3: not JSON: Duplicate key 'keys'"],
  ['a list', [], ': must be a JSON object with at least "program" (got an empty list)'],
  ['no program', {}, ': program: missing; must be the path or name of a program'],
  ['an empty program', { program: '' }, ': program: must be the path or name of a program (got "")'],
  ['a program with NUL', { program: 'a\0b' }, ': program: must be text without a NUL character'],
  ['a misspelt field', { progam: 'x' }, `: progam: unknown field; did you mean program? allowed are ${fields}`],
  [
    'a field in other letters',
    { ...minimal, onfault: 'stop' },
    `: onfault: unknown field; did you mean onFault? allowed are ${fields}`,
  ],
  ['a strange field', { ...minimal, colour: 1 }, `: colour: unknown field; allowed are ${fields}`],
  ['args as text', { ...minimal, args: '-v' }, ': args: must be a list of strings (got "-v")'],
  ['a number in args', { ...minimal, args: ['-n', 3] }, ': args[1]: must be a string (got 3)'],
  ['env as a list', { ...minimal, env: ['A=1'] }, ': env: must be an object of "NAME": "value" (got a list)'],
  [
    'a number in env',
    { ...minimal, env: { A: 1 } },
    ': env.A: must be a string, under a variable name without "=" (got 1)',
  ],
  [
    'a variable name with =',
    { ...minimal, env: { 'A=B': 'x' } },
    ': env.A=B: must be a string, under a variable name without "=" (got "x")',
  ],
  ['unknown keys', { ...minimal, keys: 'fast' }, ': keys: must be one of auto, hardware, emulated (got "fast")'],
  ['unknown gates', { ...minimal, gates: true }, ': gates: must be one of program, virtual (got true)'],
  ['rounding', { ...minimal, rounding: 'up' }, ': rounding: must be one of padded, outward (got "up")'],
  ['onFault', { ...minimal, onFault: 'ignore' }, ': onFault: must be one of deliver, stop, step-over (got "ignore")'],
  [
    'tracerPolicy',
    { ...minimal, tracerPolicy: 'on' },
    ': tracerPolicy: must be one of off, record, enforce (got "on")',
  ],
  [
    'pauseOn[0]',
    { ...minimal, pauseOn: ['exec'] },
    ': pauseOn[0]: must be one of fault, tag, thread-birth, policy, or a range of addresses like 0x1000-0x2000 (got "exec")',
  ],
  ['rseq', { ...minimal, rseq: false }, ': rseq: must be one of keep, off (got false)'],
  [
    'an unknown preset',
    { ...minimal, policy: 'spilt' },
    ': policy: must be one of observe, tag-all, slot-only, startup-tcb, split, tcb-dtv, neighbourhood, or a policy object (got "spilt")',
  ],
  ['a policy without a name', { ...minimal, policy: { tag: true } }, ': policy.name: missing; must be a name'],
  [
    'an unknown carve-out',
    { ...minimal, policy: { name: 'p', carveOuts: ['slot', 'below-tcb:0'] } },
    ': policy.carveOuts[1]: must be one of slot, tcb, dtv, rseq, pthread, below-tcb:N (1 to 99), symbol:MODULE:NAME (got "below-tcb:0")',
  ],
  [
    'too many carve-outs allowed',
    { ...minimal, policy: { name: 'p', maxCarveOuts: 500 } },
    ': policy.maxCarveOuts: must be 0 to 128 (got 500)',
  ],
  [
    'a misspelt policy field',
    { ...minimal, policy: { name: 'p', carveouts: [] } },
    ': policy.carveouts: unknown field; did you mean carveOuts? allowed are name, tag, carveOuts, maxCarveOuts, startupTcb',
  ],
  [
    'compartments as an object',
    { ...minimal, compartments: {} },
    ': compartments: must be a list of {key, name, modules} (got an object)',
  ],
  [
    'a key out of range',
    { ...minimal, compartments: [compartment, { ...compartment, key: 16 }] },
    ': compartments[1].key: must be 1 to 15 (got 16)',
  ],
  [
    'the shared key',
    { ...minimal, compartments: [{ ...compartment, key: 0 }] },
    ': compartments[0].key: must be 1 to 15 (got 0)',
  ],
  [
    'half a key',
    { ...minimal, compartments: [{ ...compartment, key: 1.5 }] },
    ': compartments[0].key: must be 1 to 15 (got 1.5)',
  ],
  [
    'a key given twice',
    { ...minimal, compartments: [compartment, { ...compartment, name: 'b' }] },
    ': compartments[1].key: must be a key of its own (got 1, the key of "a"; free are 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)',
  ],
  [
    'a name given twice',
    { ...minimal, compartments: [compartment, { ...compartment, key: 2 }] },
    ': compartments[1].name: must be a name of its own (got "a" twice)',
  ],
  [
    'no modules',
    { ...minimal, compartments: [{ ...compartment, modules: [] }] },
    ': compartments[0].modules: must be a list of at least one file-name pattern or {match, code, tag} (got an empty list)',
  ],
  [
    'a number for a module',
    { ...minimal, compartments: [{ ...compartment, modules: [7] }] },
    ': compartments[0].modules[0]: must be a file-name pattern (* and ? allowed), the word main, or {match, code, tag} (got 7)',
  ],
  [
    'unknown code',
    { ...minimal, compartments: [{ ...compartment, modules: ['main', { match: 'libc.so.6', code: 'mine' }] }] },
    ': compartments[0].modules[1].code: must be one of own, caller (got "mine")',
  ],
  [
    'a misspelt module field',
    { ...minimal, compartments: [{ ...compartment, modules: [{ match: 'libc.so.6', tags: ['tls'] }] }] },
    ': compartments[0].modules[0].tags: unknown field; did you mean tag? allowed are match, code, tag',
  ],
];

const scene = { fromFile: true, cwd: '/', env: { PATH: '/usr/bin:/bin' }, helper: '/helper', hasPku: false };

function answerTo(file: string, hasPku = false): string {
  try {
    resolveLaunch(loadLaunch(file), { ...scene, hasPku, where: file, base: launchBase(file) });
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError);
    return (thrown as UserError).message;
  }
  return 'accepted';
}

function answerToText(text: string | object, hasPku = false): string {
  const file = join(tempFolder(), 'x.json');
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  return answerTo(file, hasPku).replace(file, '');
}

describe('a malformed launch file is answered by one line that names the field and what is allowed', () => {
  test.each(malformed)('%s', (_name, text, line) => {
    expect(answerToText(text)).toBe(line);
  });

  test('the line begins with the file', () => {
    const file = join(tempFolder(), 'no\nwhere.json');
    expect(answerTo(file)).toBe(`${file.replace('\n', ' ')}: no such launch file`);
  });

  test('a folder, and bytes that are no text', () => {
    const folder = tempFolder();
    expect(answerTo(folder)).toBe(`${folder}: a folder; must be a launch file (JSON)`);
    const file = join(folder, 'x.json');
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(answerTo(file)).toBe(`${file}: not text in UTF-8`);
  });

  test('every field of the schema has its words, and the words name no other field', () => {
    const fields = new Set<string>(['']);
    walk(z.toJSONSchema(launchFileSchema, { io: 'input' }), '', fields);
    expect([...Object.keys(launchFields)].sort()).toEqual([...fields].sort());
  });
});

/** Collects the fields of a JSON schema in the notation of `launchFields`. */
function walk(schema: unknown, field: string, fields: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  fields.add(field);
  const node = schema as Record<string, unknown>;
  for (const branch of (node.anyOf as unknown[] | undefined) ?? []) walk(branch, field, fields);
  if (node.items) walk(node.items, `${field}[]`, fields);
  const dot = field === '' ? '' : `${field}.`;
  for (const [name, value] of Object.entries((node.properties as object | undefined) ?? {}))
    walk(value, dot + name, fields);
  if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${dot}*`, fields);
}

describe('what a launch file names has to be there', () => {
  test('a program that does not exist: where it was looked for', () => {
    expect(answerToText({ program: 'no-such-thing' })).toMatch(
      /^: program: no-such-thing: no such program \(looked in .+ and PATH\)$/,
    );
    expect(answerToText({ program: './nope' })).toMatch(/^: program: \.\/nope: no such program \(looked in .+\)$/);
    expect(answerToText({ program: '/nope' })).toBe(': program: /nope: no such program');
  });

  test('a folder and a file without execute permission are named', () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'plain'), 'x', { mode: 0o644 });
    const file = join(folder, 'x.json');
    const launch = (program: string): string => {
      writeFileSync(file, JSON.stringify({ program }));
      return answerTo(file);
    };
    expect(launch('./sub')).toBe(`${file}: program: ${folder}/sub: is a folder; must be an executable file`);
    expect(launch('plain')).toBe(
      `${file}: program: ${folder}/plain: not executable; must be a file with execute permission`,
    );
    expect(launch('/dev/null')).toBe(`${file}: program: /dev/null: is not a regular file; must be an executable file`);
  });

  test('a working folder that is none', () => {
    expect(answerToText({ ...minimal, cwd: 'gone' })).toMatch(
      /^: cwd: .+\/gone: no such folder; must be the path of a folder$/,
    );
    expect(answerToText({ ...minimal, cwd: '/bin/true' })).toBe(
      ': cwd: /bin/true: not a folder; must be the path of a folder',
    );
  });

  test('keys that this machine does not have, with the reason', () => {
    expect(answerToText({ ...minimal, keys: 'hardware' })).toBe(
      ': keys: hardware needs a CPU and a kernel with protection keys, and this machine has none (allowed here: auto, emulated)',
    );
    expect(answerToText({ ...minimal, keys: 'emulated' }, true)).toBe(
      ": keys: emulated is refused on a CPU with protection keys, where a program's own WRPKRU runs unseen (allowed here: auto, hardware)",
    );
    expect(answerToText({ ...minimal, keys: 'hardware' }, true)).toBe('accepted');
  });
});
