import { expect, it } from 'vitest';
import { launchFileSchema } from '../../../core/contract/launch.ts';
import { policySchema, presets } from '../../../core/contract/policies.ts';
import { formLaunch, formPolicy, launchChoices, noMore, OWN, ownPolicy } from './launchForm.ts';

it('says nothing of what was left alone', () => {
  expect(formLaunch(noMore)).toEqual({});
  expect(formLaunch({ ...noMore, chosen: { gates: '' } })).toEqual({});
});

it('offers every field of a launch file, in values that the schema takes', () => {
  const chosen = Object.fromEntries(launchChoices.map(({ field, values }) => [field, values.at(-1) ?? '']));
  const compartments = '[{"key": 1, "name": "a", "modules": [{"match": "main", "code": "caller"}]}]';
  const launch = {
    program: 'p',
    args: [],
    policy: 'split',
    ...formLaunch({ compartments, env: 'A=b=c\n\nD=', cwd: '/tmp', chosen, pauseOn: ['tag'] }),
  };
  expect(Object.keys(launch).sort()).toEqual(Object.keys(launchFileSchema.shape).sort());
  expect(launchFileSchema.parse(launch)).toMatchObject({
    env: { A: 'b=c', D: '' },
    keys: 'emulated',
    pauseOn: ['tag'],
  });
});

it('names the field whose text is none', () => {
  expect(() => formLaunch({ ...noMore, compartments: '[{' })).toThrow(/^compartments: not JSON/);
  expect(() => formLaunch({ ...noMore, env: 'novalue' })).toThrow('env: novalue must be NAME=value');
});

it('takes a preset by name, or a policy of one’s own that the schema knows', () => {
  expect(formPolicy('split', 'not looked at')).toBe('split');
  expect(policySchema.parse(formPolicy(OWN, ownPolicy))).toEqual({ ...presets.split, name: 'mine' });
  expect(() => formPolicy(OWN, '{')).toThrow(/^policy: not JSON/);
});
