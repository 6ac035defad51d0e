import { describe, expect, it } from 'vitest';
import { TRANSACTION_PAUSE_MILLISECONDS_BASE, TRANSACTION_PAUSE_MILLISECONDS_MAX } from './limits.ts';
import { jitteredPause } from './retry.ts';

describe('jitteredPause', () => {
  it('asks for one random number an attempt and never waits longer than the ceiling', async () => {
    let asked = 0;
    const pause = jitteredPause(() => {
      asked += 1;
      return 0;
    });
    await Promise.all([1, 2, 30].map((attempt) => pause(attempt)));
    expect(asked).toBe(3);
    expect(TRANSACTION_PAUSE_MILLISECONDS_BASE).toBeLessThan(TRANSACTION_PAUSE_MILLISECONDS_MAX);
  });
});
