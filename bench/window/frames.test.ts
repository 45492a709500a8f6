import { expect, test } from 'vitest';
import { growth, quantile, scriptOfFrames, type TraceEvent, turnsOf } from './frames.ts';

const at = (name: string, ts: number, dur?: number, tid = 1): TraceEvent => ({
  name,
  ph: dur === undefined ? 'I' : 'X',
  ts,
  pid: 7,
  tid,
  ...(dur === undefined ? {} : { dur }),
});

test('script of a frame is what ran since the last one, nested calls counted once', () => {
  const events = [
    at('EvaluateScript', 0, 9000),
    at('ProxyMain::BeginMainFrame', 10_000),
    at('EventDispatch', 11_000, 4000),
    at('FunctionCall', 12_000, 1000),
    { ...at('TimerFire', 15_500, 400), tdur: 100 },
    at('FunctionCall', 13_000, 500, 2),
    at('ProxyMain::BeginMainFrame', 16_000),
    at('FireAnimationFrame', 17_000, 2000),
    at('ProxyMain::BeginMainFrame', 30_000),
  ];
  expect(scriptOfFrames(events)).toEqual([4.1, 2]);
  expect(scriptOfFrames([])).toEqual([]);
});

test('quantiles and growth', () => {
  const ten = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
  expect([quantile(ten, 0.5), quantile(ten, 0.95), quantile([], 0.5)]).toEqual([5, 10, Number.NaN]);
  expect(growth([2, 2, 2, 2])).toBe(0);
  expect(growth([1, 2, 3])).toBeCloseTo(1);
});

test('turns are those of the thread that runs script, in processor time, without the idle ones', () => {
  const turn = 'ThreadControllerImpl::RunTask';
  const events = [
    { ...at(turn, 0, 9000), tdur: 4000 },
    at('FunctionCall', 100, 3000),
    at(turn, 10_000, 100),
    at(turn, 20_000, 30_000, 2),
    at(turn, 30_000, 2000),
  ];
  expect(turnsOf(events)).toEqual([4, 2]);
});
