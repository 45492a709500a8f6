import { useEffect } from 'react';
import type { Store } from '../../store/store.ts';
import { windowCommands } from './commands.ts';

/** The host's menu offers the table's commands; what cannot be run now says why, as in the palette. */
export function useMenu(store: Store): void {
  useEffect(() => {
    const items = windowCommands.map(({ id, name, group, keys }) => ({ id, name, group, key: keys?.[0] }));
    return store.getState().offerMenu(items, (id) => {
      const command = windowCommands.find((each) => each.id === id);
      if (!command) return;
      const why = command.refused?.(store.getState()) ?? null;
      if (why === null) command.run(store);
      else store.getState().tell(`${command.name.replace('…', '')}: ${why}`);
    });
  }, [store]);
}
