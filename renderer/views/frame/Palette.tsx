import './palette.css';
import { Command } from 'cmdk';
import { type ReactNode, useEffect, useRef } from 'react';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { Kbd } from '../../widgets/controls.tsx';
import { Dialog } from '../../widgets/dialog.tsx';
import { groups, windowCommands } from './commands.ts';
import { keyWords } from './keys.ts';

/** Every command by its name, with its key, and why it cannot be run now where it cannot. */
export default function Palette(): ReactNode {
  const store = useStoreApi();
  const open = useKeyhole((s) => s.openPalette);
  const state = store.getState();
  const input = useRef<HTMLInputElement>(null);
  // After the dialog has opened, which takes the focus itself.
  useEffect(() => input.current?.focus(), []);
  return (
    <Dialog title="All commands" onClose={() => open(false)} actions={null}>
      <Command label="All commands" className="palette" loop>
        <Command.Input ref={input} className="field" placeholder="What do you want to do?" />
        <Command.List className="palette-list" label="Commands">
          <Command.Empty className="dim">No command of that name.</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={group}>
              {windowCommands
                .filter((command) => command.group === group && command.id !== 'palette' && command.id !== 'copy')
                .map((command) => {
                  const why = command.refused?.(state) ?? null;
                  return (
                    <Command.Item
                      key={command.id}
                      value={`${command.name} ${command.id}`}
                      disabled={why !== null}
                      className="palette-row"
                      onSelect={() => {
                        open(false);
                        command.run(store);
                      }}
                    >
                      <span>{command.name}</span>
                      {why === null ? null : <span className="dim clip">{why}</span>}
                      {command.keys?.[0] ? <Kbd>{keyWords(command.keys[0])}</Kbd> : null}
                    </Command.Item>
                  );
                })}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}
