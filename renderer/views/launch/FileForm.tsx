import { type ReactNode, useEffect, useState } from 'react';
import type { RecentLaunch } from '../../../core/contract/commands.ts';
import { launchFile, launchProgram, listRecent } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Choices } from './Choices.tsx';
import { OneField } from './OneField.tsx';

/** A launch file by its path, and what was launched before on this machine. */
export function FileForm(): ReactNode {
  const store = useStoreApi();
  const link = useKeyhole((s) => s.link);
  const [path, setPath] = useState('');
  const [recent, setRecent] = useState<readonly RecentLaunch[]>([]);
  const action = useAction();
  const { run } = action;
  useEffect(() => {
    if (link === 'open') run(async () => setRecent(await listRecent(store)));
  }, [link, store, run]);
  const again = ({ path: file, launch }: RecentLaunch): void =>
    action.run(async () => {
      if (file !== null) await launchFile(store, file);
      else if (launch) await launchProgram(store, launch);
    });
  return (
    <OneField
      title="Launch file"
      label="Path on the machine that runs the session"
      placeholder="/path/to/launch.json"
      button="Launch"
      value={path}
      onChange={setPath}
      ready={path.trim() !== ''}
      action={action}
      onSubmit={() => action.run(() => launchFile(store, path.trim()))}
    >
      {recent.length > 0 ? <h3>Recent</h3> : null}
      <Choices
        label="Recent launches"
        busy={action.busy}
        choices={recent.map((one) => ({
          text: one.path ?? one.title,
          title: one.path ? `${one.title}, by ${one.path}` : `${one.title}, typed by hand`,
          choose: () => again(one),
        }))}
      />
    </OneField>
  );
}
