import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { fieldOf, knownNames, launchFields, pathText } from './launch-fields.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** One line for the first thing that is wrong with a launch file: the path of the field and what is allowed there. */
export function explainLaunchIssues(issues: readonly Issue[], raw: unknown): string {
  const flat = issues.flatMap((issue) => unwrapUnion(issue, raw, []));
  // A misspelt name explains more than the missing field it leaves behind.
  const first = flat.find(({ issue }) => issue.code === 'unrecognized_keys') ?? flat[0];
  if (first === undefined) return `must be ${launchFields['']}`;
  const { issue, path } = first;
  return issue.code === 'unrecognized_keys' ? explainUnknown(path, issue.keys) : explainValue(path, valueAt(raw, path));
}

/** Follows a union into the branch the writer meant: the object branch for an object, else the union itself. */
function unwrapUnion(issue: Issue, raw: unknown, base: Path): { issue: Issue; path: Path }[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const value = valueAt(raw, path);
  const meant = typeof value === 'object' && value !== null && !Array.isArray(value) ? issue.errors.at(-1) : undefined;
  return meant === undefined ? [{ issue, path }] : meant.flatMap((inner) => unwrapUnion(inner, raw, path));
}

function explainUnknown(path: Path, keys: readonly string[]): string {
  const key = keys[0] ?? '';
  const known = knownNames(fieldOf(path));
  const nearest = known.length > 0 ? closest(key, known) : '';
  const likely = nearest !== '' && distance(key.toLowerCase(), nearest.toLowerCase()) <= Math.max(2, key.length / 2);
  const hint = likely ? `did you mean ${nearest}? ` : '';
  return `${pathText([...path, key])}: unknown field; ${hint}allowed are ${known.join(', ')}`;
}

function explainValue(path: Path, value: unknown): string {
  const allowed = launchFields[fieldOf(path)] ?? 'something else';
  const where = path.length === 0 ? '' : `${pathText(path)}: `;
  return value === undefined
    ? `${where}missing; must be ${allowed}`
    : `${where}must be ${allowed} (got ${show(value)})`;
}

function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

/** A value short enough for an error line. */
function show(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text;
}
