import type { TimeRange } from '../../core/model/timeRange.ts';

/** Round times for the axis, `about` of them, and how many decimals of a second they need. */
export function ticks(range: TimeRange, about: number): { readonly at: readonly number[]; readonly decimals: number } {
  const rough = (range.to - range.from) / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((m) => m * power >= rough) ?? 10) * power;
  const at: number[] = [];
  for (let i = Math.ceil(range.from / step); i * step <= range.to; i++) at.push(i * step);
  return { at, decimals: Math.min(9, Math.max(0, Math.ceil(9 - Math.log10(step) - 1e-9))) };
}

/** What an axis of recharts says of program time: round seconds, with the decimals that tell neighbours apart. */
export function secondsAxis(
  range: TimeRange,
  about: number,
): { readonly ticks: readonly number[]; readonly tickFormatter: (time: number) => string } {
  const { at, decimals } = ticks(range, about);
  return { ticks: at, tickFormatter: (time) => `${(time / 1e9).toFixed(decimals)} s` };
}
