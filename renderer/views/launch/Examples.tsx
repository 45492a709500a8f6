import { Play } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ExampleInfo } from '../../../core/contract/commands.ts';
import { launchFile, listExamples } from '../../store/session.ts';
import { useKeyhole, useStoreApi } from '../../store/store.ts';
import { useAction } from '../../store/useAction.ts';
import { Empty, Failure } from '../../widgets/controls.tsx';
import { base } from '../../widgets/format.ts';

function byExample(all: readonly ExampleInfo[]): readonly (readonly [string, readonly ExampleInfo[]])[] {
  const names = [...new Set(all.map((info) => info.example))];
  return names.map((name) => [name, all.filter((info) => info.example === name)]);
}

/** The examples that come with Keyhole, one button for each launch file. */
export function Examples(): ReactNode {
  const store = useStoreApi();
  const link = useKeyhole((s) => s.link);
  const [examples, setExamples] = useState<readonly ExampleInfo[] | null>(null);
  const loading = useAction();
  const launching = useAction();

  useEffect(() => {
    if (link !== 'open') return;
    loading.run(async () => setExamples(await listExamples(store)));
  }, [link, store, loading.run]);

  return (
    <section aria-label="Examples">
      <h2>Examples</h2>
      {loading.error ? <Failure text={`The examples cannot be listed: ${loading.error}`} /> : null}
      {launching.error ? <Failure text={launching.error} onDismiss={launching.clear} /> : null}
      {examples === null && !loading.error ? <p className="dim">Looking for examples…</p> : null}
      {examples?.length === 0 ? (
        <Empty title="No examples here">Start with a launch file or a program on the right.</Empty>
      ) : null}
      {byExample(examples ?? []).map(([example, files]) => (
        <div key={example} className="launch-example">
          <h3>{example}</h3>
          <ul>
            {files.map((info) => (
              <li key={info.path} className="launch-row">
                <button
                  type="button"
                  className="launch-name"
                  disabled={launching.busy}
                  title={info.path}
                  aria-label={`Run ${info.title}`}
                  onClick={() => launching.run(() => launchFile(store, info.path))}
                >
                  <Play size={12} aria-hidden="true" />
                  <span className="clip">{info.title}</span>
                </button>
                <span className="dim clip">{base(info.path)}</span>
                <span className="launch-policy">{info.policy}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
