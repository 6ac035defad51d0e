import { describe, expect, it } from 'vitest';
import { OBSERVER_LIMITS } from '../limits.ts';
import { ago, HOUR, NOW } from '../testing/facts.ts';
import { NO_FOLLOW_UP, type PlanAttempt } from './follow-up.ts';
import { planGate } from './plan-gate.ts';

const MINUTE = 60;
const plan = (seconds: number, endedSeconds: number | null, id = 'A'): PlanAttempt => ({
  planId: `pln_${id.repeat(22)}`,
  operation: 'restart',
  at: ago(seconds),
  endedAt: endedSeconds === null ? null : ago(endedSeconds),
});
const gate = (plans: readonly PlanAttempt[], since = ago(30 * HOUR)) =>
  planGate({ ...NO_FOLLOW_UP, plans }, since, new Date(NOW), OBSERVER_LIMITS);

describe('cooldown and breaker', () => {
  it('let the first plan pass', () => {
    expect(gate([])).toEqual({ open: true });
  });

  it('hold the second back for ten minutes after the first is over, and say until when', () => {
    expect(gate([plan(15 * MINUTE, 9 * MINUTE)])).toMatchObject({
      open: false,
      until: ago(-MINUTE),
      note: expect.stringContaining(ago(-MINUTE)),
    });
    expect(gate([plan(15 * MINUTE, 10 * MINUTE)])).toEqual({ open: true });
  });

  it('hold the third back for twenty', () => {
    const first = plan(3 * HOUR, 2 * HOUR);
    expect(gate([first, plan(HOUR, 19 * MINUTE, 'B')])).toMatchObject({ open: false, until: ago(-MINUTE) });
    expect(gate([first, plan(HOUR, 20 * MINUTE, 'B')])).toEqual({ open: true });
  });

  it('let no fourth pass within a day of the first, recurrences included', () => {
    const three = [plan(23 * HOUR, 22 * HOUR), plan(10 * HOUR, 9 * HOUR, 'B'), plan(5 * HOUR, 4 * HOUR, 'C')];
    expect(gate(three)).toMatchObject({
      open: false,
      until: ago(-HOUR),
      note: expect.stringContaining('a person should look at it'),
    });
    expect(gate(three, ago(10))).toMatchObject({ open: false });
    expect(gate([plan(24 * HOUR, 22 * HOUR), ...three.slice(1)])).toEqual({ open: true });
  });

  it('give a recurrence after healing its own first chance', () => {
    expect(gate([plan(15 * MINUTE, 5 * MINUTE)], ago(10))).toEqual({ open: true });
  });
});
