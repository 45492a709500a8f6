import { parse, stringify } from 'lossless-json';
import type { Native } from '../../core/contract/engine.ts';
import { presetNames, presets } from '../../core/contract/policies.ts';

/**
 * Plans one line of `plan-tls`: JSON in, JSON out, by the engine's own planner. It knows policies as data only, so
 * a preset's name is replaced by what it stands for.
 */
export function planLine(native: Native, line: string): string {
  // Addresses may be numbers beyond 2^53; lossless-json hands those through as they were written, at ten times the cost.
  const json = /\d{16}/.test(line) ? { parse, stringify } : JSON;
  let input: unknown;
  try {
    input = json.parse(line);
  } catch {
    return native.planTls(line); // the planner says what is wrong with it
  }
  if (typeof input !== 'object' || input === null || !('policy' in input) || typeof input.policy !== 'string') {
    return native.planTls(line);
  }
  const { policy } = input;
  const preset = presetNames.find((name) => name === policy);
  if (preset === undefined) {
    const error = `policy: must be one of ${presetNames.join(', ')}, or a policy object (got ${JSON.stringify(policy)})`;
    return JSON.stringify({ error });
  }
  return native.planTls(json.stringify({ ...input, policy: presets[preset] }) ?? '');
}
