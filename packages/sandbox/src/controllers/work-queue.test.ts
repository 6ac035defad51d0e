import { describe, expect, it } from 'vitest';
import { manualTime } from './testing/manual-time.ts';
import { createWorkQueue } from './work-queue.ts';

function queueWith(work: (item: string, add: (item: string, afterMs?: number) => void) => void) {
  const time = manualTime();
  const queue = createWorkQueue({ work: (item) => work(item, queue.add), clock: time.clock, timers: time.timers });
  return { time, queue };
}

describe('work queue', () => {
  it('turns a burst about one item into one call', () => {
    const calls: string[] = [];
    const { time, queue } = queueWith((item) => calls.push(item));
    for (let i = 0; i < 50; i++) queue.add('a');
    queue.add('b');
    time.advance(10);
    expect(calls).toEqual(['a', 'b']);
  });

  it('never works inside the call that adds', () => {
    const calls: string[] = [];
    const { queue } = queueWith((item) => calls.push(item));
    queue.add('a');
    expect(calls).toEqual([]);
  });

  it('keeps the earlier of two due times', () => {
    const at: number[] = [];
    const { time, queue } = queueWith(() => at.push(time.clock().getTime()));
    const start = time.clock().getTime();
    queue.add('a', 500);
    queue.add('a', 100);
    queue.add('a', 900);
    time.advance(2000);
    expect(at).toEqual([start + 100]);
  });

  it('gives the event loop its turn between an item and the work that it causes', () => {
    const rounds: number[] = [];
    const { time, queue } = queueWith((_item, add) => {
      rounds.push(time.fired());
      if (rounds.length < 3) add('a');
    });
    queue.add('a');
    time.advance(10);
    expect(rounds).toEqual([1, 2, 3]);
  });

  it('holds no timer when nothing is due', () => {
    const { time, queue } = queueWith(() => {});
    queue.add('a');
    time.advance(10);
    expect(time.waiting()).toBe(0);
  });

  it('is settled while only far work is left, and not while near work is', async () => {
    const { time, queue } = queueWith(() => {});
    queue.add('far', 60_000);
    queue.add('near', 300);
    let settled = false;
    const waiting = queue.settled().then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).toBe(false);
    time.advance(400);
    await waiting;
    expect(settled).toBe(true);
  });

  it('does nothing after it was stopped, and lets nobody wait for ever', async () => {
    const calls: string[] = [];
    const { time, queue } = queueWith((item) => calls.push(item));
    queue.add('a', 100);
    const waiting = queue.settled();
    queue.stop();
    queue.add('b');
    time.advance(1000);
    await waiting;
    expect(calls).toEqual([]);
    expect(time.waiting()).toBe(0);
  });

  it('finishes a round cleanly when an item stops the queue', () => {
    const calls: string[] = [];
    const { time, queue } = queueWith((item) => {
      calls.push(item);
      queue.stop();
    });
    queue.add('a');
    queue.add('b');
    time.advance(10);
    expect(calls).toEqual(['a']);
    expect(time.waiting()).toBe(0);
  });
});
