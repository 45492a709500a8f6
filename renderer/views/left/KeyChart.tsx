import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Area, AreaChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { History } from '../../../core/model/history.ts';
import { bytesOverTime } from '../../../core/model/keys.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { keyColours, keyLetter } from '../../theme/keys.ts';
import { bytes, seconds } from '../../widgets/format.ts';
import { secondsAxis } from '../../widgets/ticks.ts';

const BINS = 48;
const TICKS = 5;
const EVERY_MS = 1000;

interface KeyChartProps {
  readonly height?: number;
  /** With the scales of bytes and seconds, where there is room for them. */
  readonly axes?: boolean;
}

const tick = { stroke: 'var(--ink-3)', tick: { fontSize: 10.5 } };

/** Writable bytes by key over the whole run. Sampled with a history of its own, at most once a second. */
export default function KeyChart({ height = 96, axes = false }: KeyChartProps): ReactNode {
  const log = useKeyhole((s) => s.log);
  const world = useWorld();
  const [length, setLength] = useState(log.length);
  const own = useMemo(() => new History(log), [log]);
  useEffect(() => {
    const timer = setInterval(() => setLength(log.length), EVERY_MS);
    return () => clearInterval(timer);
  }, [log]);
  const samples = useMemo(() => bytesOverTime(own, 0, log.time(length - 1), BINS), [own, log, length]);
  const keys = keyColours.map((_, key) => key).filter((key) => samples.some((sample) => (sample.bytes[key] ?? 0) > 0));
  const data = samples.map((sample) => ({ time: sample.time, ...Object.fromEntries(sample.bytes.entries()) }));
  return (
    <figure aria-label="Writable bytes by key over time">
      <ResponsiveContainer width="100%" height={height}>
        <AreaChart data={data} margin={{ top: 6, right: axes ? 24 : 2, bottom: 0, left: 2 }}>
          <XAxis
            dataKey="time"
            type="number"
            domain={[0, 'dataMax']}
            hide={!axes}
            {...secondsAxis({ from: 0, to: log.time(length - 1) }, TICKS)}
            {...tick}
          />
          <YAxis hide={!axes} domain={[0, 'dataMax']} width={66} tickCount={2} tickFormatter={bytes} {...tick} />
          {keys.map((key) => (
            <Area
              key={key}
              dataKey={String(key)}
              name={`key ${key} ${keyLetter(key)}`}
              stackId="keys"
              stroke="none"
              fill={keyColours[key] ?? 'none'}
              fillOpacity={1}
              isAnimationActive={false}
              type="stepAfter"
            />
          ))}
          <ReferenceLine x={world.time} stroke="var(--ink)" />
          <Tooltip
            isAnimationActive={false}
            content={({ active, payload, label }) =>
              active && payload.length > 0 ? (
                <div className="chart-tip">
                  <div className="mono">{seconds(Number(label))} s</div>
                  {payload.map((entry) => (
                    <div key={String(entry.dataKey)}>
                      {entry.name}: {bytes(Number(entry.value))}
                    </div>
                  ))}
                </div>
              ) : null
            }
          />
        </AreaChart>
      </ResponsiveContainer>
    </figure>
  );
}
