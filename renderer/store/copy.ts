import { copyText } from '../widgets/value.tsx';
import type { Store } from './store.ts';

/** More of a text than this says no more about it. */
const TOLD = 60;

/** Copies a text and says so, or that it was not allowed. */
export async function copy(store: Store, text: string): Promise<void> {
  const line = text.split('\n')[0] ?? '';
  const words = line.length > TOLD || line !== text ? `${line.slice(0, TOLD)}…` : line;
  const copied = await copyText(text);
  store.getState().tell(copied ? `Copied ${words}` : 'The browser does not let this page copy');
}
