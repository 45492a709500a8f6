/** Keys of the keyboard: how an event is written, and how a person reads it. */
import { type WindowCommand, windowCommands } from './commands.ts';

/** `Ctrl+Shift+p`, `Alt+ArrowLeft`, `?`. A key that Shift makes (`?`) is written without it. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const { key } = event;
  const letter = /^[a-zA-Z]$/.test(key);
  const made = key.length === 1 && !letter;
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey && !made && !(letter && !event.ctrlKey && !event.metaKey) ? 'Shift' : '',
    letter ? key.toLowerCase() : key,
  ];
  return parts.filter((part) => part !== '').join('+');
}

const byKey = new Map(windowCommands.flatMap((command) => (command.keys ?? []).map((key) => [key, command] as const)));

/** The command that a key runs. */
export const commandOf = (event: KeyboardEvent): WindowCommand | undefined => byKey.get(keyOf(event));

const signs: Readonly<Record<string, string>> = { ArrowLeft: '←', ArrowRight: '→', ' ': 'Space', Enter: '↵' };

/** As it stands on the sheet and beside a command. */
export const keyWords = (key: string): string =>
  key
    .split(/\+(?=.)/)
    .map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');

/** Keys that belong to one view, where they act on what has the focus. */
export const viewKeys: readonly (readonly [keys: string, what: string])[] = [
  ['arrows', 'in the map: by cell and row'],
  ['[ ]', 'in the map: by owner'],
  ['+ − 0', 'in the map: nearer, further away, a line a region (also Ctrl and the wheel)'],
  ['Enter', 'in the map: open the card of the page'],
  ['+ − 0', 'in the timelines: zoom (also the wheel), whole run'],
  ['Page ↑ ↓', 'in the timelines: half a screen back, on (also Shift and the wheel)'],
  ['drag', 'over the lanes: move the instant; with Shift: show that stretch alone'],
  ['arrows', 'on the edge of a panel: move it'],
  ['Ctrl ↵', 'in the policy menu: apply the chosen policy'],
  ['Esc', 'close what is open'],
];
