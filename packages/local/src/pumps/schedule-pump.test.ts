import type { ScheduledEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PumpProblem } from './pump-problem.ts';
import { type SchedulePump, startSchedulePump } from './schedule-pump.ts';

let pump: SchedulePump<number> | undefined;
let problems: PumpProblem[] = [];
beforeEach(() => {
  problems = [];
  vi.useFakeTimers();
});
afterEach(async () => {
  vi.useRealTimers();
  await pump?.stop();
});

function start(handler: (event: ScheduledEvent) => Promise<number>, everySeconds = 0): SchedulePump<number> {
  pump = startSchedulePump({
    name: 'observe',
    lambda: { name: 'countersign-observe', limitMilliseconds: 5_000, handler },
    everySeconds,
    now: () => new Date('2026-11-21T09:05:00.123Z'),
    report: (problem) => problems.push(problem),
  });
  return pump;
}

/** A handler whose runs end one by one when told to. */
function createStoppable() {
  const open: (() => void)[] = [];
  let runs = 0;
  let most = 0;
  return {
    handler: async () => {
      runs += 1;
      const number = runs;
      most = Math.max(most, open.length + 1);
      await new Promise<void>((end) => open.push(end));
      return number;
    },
    endOne: async () => {
      open.shift()?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    runs: () => runs,
    most: () => most,
  };
}

describe('the schedule pump', () => {
  test('hands a handler the event of EventBridge Scheduler and answers its result', async () => {
    let seen: ScheduledEvent | undefined;
    const result = await start(async (event) => {
      seen = event;
      return 7;
    }).runNow();
    expect(result).toBe(7);
    expect(seen).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: '2026-11-21T09:05:00Z',
      region: 'us-east-1',
      resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/observe'],
      detail: '{}',
    });
  });

  test('runs after each interval, leaves out what would overlap, and goes on after a failure', async () => {
    let runs = 0;
    start(async () => {
      runs += 1;
      if (runs === 1) throw new Error('once');
      return runs;
    }, 30);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(runs).toBe(0);
    await vi.advanceTimersByTimeAsync(31_000);
    expect(runs).toBe(2);
    expect(problems).toMatchObject([{ pump: 'countersign-observe', kind: 'handler_threw' }]);
  });

  test('never overlaps runs, however often it is asked', async () => {
    const stoppable = createStoppable();
    const { runNow } = start(stoppable.handler, 1);
    const first = runNow();
    const [second, third] = [runNow(), runNow()];
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stoppable.runs()).toBe(1);
    await stoppable.endOne();
    expect(stoppable.runs()).toBe(2);
    await stoppable.endOne();
    expect(await Promise.all([first, second, third])).toEqual([1, 2, 2]);
    expect(stoppable.most()).toBe(1);
  });

  test('tells whoever asked that the handler threw or was late', async () => {
    const { runNow } = start((event) => (event.time ? Promise.reject(new Error('broken')) : Promise.resolve(0)));
    await expect(runNow()).rejects.toThrow('broken');
    const late = expect(start(() => new Promise(() => {})).runNow()).rejects.toThrow('not done in time');
    await vi.advanceTimersByTimeAsync(5_000);
    await late;
  });

  test('stops after the running handler and starts nothing more', async () => {
    const stoppable = createStoppable();
    const { runNow, stop } = start(stoppable.handler, 1);
    void runNow();
    const waiting = expect(runNow()).rejects.toThrow('stopped');
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(stopped).toBe(false);
    await stoppable.endOne();
    await Promise.all([stopping, waiting]);
    await expect(runNow()).rejects.toThrow('stopped');
    expect(stoppable.runs()).toBe(1);
  });
});
