import { expect, it } from 'vitest';
import { windowCommands } from './commands.ts';
import { keyOf, keyWords } from './keys.ts';

const pressed = (key: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', boolean>> = {}) =>
  keyOf({ key, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held });

it('gives every command a name, and every key to one command', () => {
  const ids = windowCommands.map(({ id }) => id);
  const names = windowCommands.map(({ name }) => name);
  const keys = windowCommands.flatMap(({ keys: all }) => all ?? []);
  for (const list of [ids, names, keys]) expect(new Set(list).size).toBe(list.length);
});

it('writes a key as the table does, whatever the layout makes of Shift', () => {
  expect(pressed('L', { shiftKey: true })).toBe('l');
  expect(pressed('?', { shiftKey: true })).toBe('?');
  expect(pressed('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
  expect(pressed('k', { metaKey: true })).toBe('Ctrl+k');
  expect(pressed('P', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+p');
  expect(pressed('F6', { shiftKey: true })).toBe('Shift+F6');
});

it('says keys as they stand on a keyboard', () => {
  expect(['Shift+ArrowLeft', 'Ctrl+k', ' ', '?', 'F1'].map(keyWords)).toEqual([
    'Shift ←',
    'Ctrl K',
    'Space',
    '?',
    'F1',
  ]);
});
