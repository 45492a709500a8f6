import { type ReactNode, useMemo } from 'react';
import { Area, AreaChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { eventRate, type KindGroup, kindGroups, SHORTEST_RATE } from '../../../core/model/eventRate.ts';
import { useWorld } from '../../store/shown.ts';
import { useKeyhole } from '../../store/store.ts';
import { count, duration, plural, seconds } from '../../widgets/format.ts';
import { secondsAxis } from '../../widgets/ticks.ts';
import { useThrottled } from '../../widgets/useThrottled.ts';
import { RatePatterns, RateSwatch, rateFill } from './RatePatterns.tsx';
import { wholeRun } from './scale.ts';

const BINS = 60;
const TICKS = 6;
const REFRESH_MS = 500;

const groupWords: Readonly<Record<KindGroup, string>> = {
  trouble: 'faults, signals, findings',
  keys: 'tags, keys, policies',
  memory: 'mappings, protections',
  threads: 'threads, processes',
  gates: 'gate crossings, rights',
  other: 'scheduler, output, stops',
};

/** Events a second by what they are about, over the range that the lanes show; where that is too short for a rate, events. */
export default function RateView(): ReactNode {
  const log = useKeyhole((s) => s.log);
  const picked = useKeyhole((s) => s.range);
  const length = useThrottled(
    useKeyhole((s) => s.length),
    REFRESH_MS,
  );
  const { time: now } = useWorld();
  const range = useMemo(() => picked ?? wholeRun(log.time(length - 1)), [picked, log, length]);
  const bin = (range.to - range.from) / BINS;
  const axis = useMemo(() => secondsAxis(range, TICKS), [range]);
  const isRate = bin >= SHORTEST_RATE;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chart grows with the log
  const data = useMemo(() => {
    const bins = eventRate(log, range, BINS);
    const scale = isRate ? 1e9 / bin : 1;
    return bins.map((each) => ({
      time: each.from,
      ...Object.fromEntries(kindGroups.map((group) => [group, each.byGroup[group] * scale])),
    }));
  }, [log, range, length, bin, isRate]);
  return (
    <section className="rate-view" aria-label="Event rate">
      <RatePatterns />
      <ul className="timeline-legend" aria-label="What the areas mean">
        {kindGroups.map((group) => (
          <li key={group}>
            <RateSwatch group={group} />
            {groupWords[group]}
          </li>
        ))}
        <li className="dim">{isRate ? 'events a second' : `events in each ${duration(bin)}`}</li>
      </ul>
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={data} margin={{ top: 4, right: 32, bottom: 4, left: 12 }}>
          <XAxis
            dataKey="time"
            type="number"
            domain={[range.from, range.to]}
            {...axis}
            stroke="var(--ink-3)"
            tick={{ fontSize: 10.5 }}
          />
          <YAxis
            stroke="var(--ink-3)"
            tick={{ fontSize: 10.5 }}
            width={86}
            allowDecimals={false}
            tickFormatter={(events: number) => `${count(Math.round(events))}${isRate ? '/s' : ''}`}
          />
          {kindGroups.map((group) => (
            <Area
              key={group}
              dataKey={group}
              name={groupWords[group]}
              stackId="rate"
              stroke="none"
              fill={rateFill(group)}
              fillOpacity={1}
              isAnimationActive={false}
              type="stepAfter"
            />
          ))}
          <ReferenceLine x={now} stroke="var(--ink)" strokeWidth={1.5} />
          <Tooltip
            isAnimationActive={false}
            content={({ active, payload, label }) =>
              active && payload.length > 0 ? (
                <div className="chart-tip">
                  <div className="mono">from {seconds(Number(label))} s</div>
                  {payload
                    .filter((entry) => Number(entry.value) > 0)
                    .map((entry) => (
                      <div key={String(entry.dataKey)}>
                        {entry.name}:{' '}
                        {isRate
                          ? `${count(Math.round(Number(entry.value)))} a second`
                          : `${plural(Number(entry.value), 'event')} in ${duration(bin)}`}
                      </div>
                    ))}
                </div>
              ) : null
            }
          />
        </AreaChart>
      </ResponsiveContainer>
    </section>
  );
}
