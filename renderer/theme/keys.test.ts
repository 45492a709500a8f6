import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyColours, keyLetter, keyPattern } from './keys.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

const luminance = (colour: string): number => {
  const channel = (at: number): number => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
};
const contrast = (a: string, b: string): number => {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
};

test('the canvas palette and the stylesheet name the same sixteen colours', () => {
  keyColours.forEach((colour, key) => {
    expect(css).toContain(`--key-${key}: ${colour};`);
  });
});

test('a letter is legible on every key', () => {
  for (const colour of keyColours) expect(contrast(colour, '#0b0e12')).toBeGreaterThanOrEqual(5.5);
});

test('every key has a letter of its own and unknown is none of them', () => {
  const letters = keyColours.map((_, key) => keyLetter(key));
  expect(new Set(letters).size).toBe(16);
  expect(letters).not.toContain(keyLetter(null));
});

test('pattern classes', () => {
  expect([0, 5, 6, 10, 11, 15].map(keyPattern)).toEqual(['plain', 'plain', 'foot', 'foot', 'both', 'both']);
});

test('the lowest contrast of text is 4.6 : 1, in both themes', () => {
  const value = (block: string, name: string): string => {
    const found = new RegExp(`--${name}: (#[0-9a-f]{6})`).exec(block)?.[1];
    if (!found) throw new Error(`no --${name}`);
    return found;
  };
  const [dark, light] = css.split('[data-theme="light"]') as [string, string];
  for (const block of [dark, light])
    for (const ground of ['panel', 'raise', 'inset', 'hover', 'selected'])
      for (const text of ['ink', 'ink-2', 'ink-3'])
        expect(contrast(value(block, text), value(block, ground)), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
});
