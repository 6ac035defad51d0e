import { describe, expect, it } from 'vitest';
import { eventFacts } from './event-facts.ts';
import type { KubeEvent } from './wire.ts';

const facts = (over: object) =>
  eventFacts({
    metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
    involvedObject: { kind: 'Pod', name: 'web', uid: 'u' },
    ...over,
  } as unknown as KubeEvent);

describe('eventFacts', () => {
  it('reads the first and last time and the count of the old form', () => {
    expect(
      facts({ count: 7, firstTimestamp: '2026-01-01T01:00:00Z', lastTimestamp: '2026-01-01T02:00:00Z' }),
    ).toMatchObject({
      count: 7,
      firstAt: '2026-01-01T01:00:00Z',
      lastAt: '2026-01-01T02:00:00Z',
    });
  });

  it('reads the series of the new form', () => {
    expect(
      facts({
        eventTime: '2026-01-01T01:00:00.000001Z',
        series: { count: 9, lastObservedTime: '2026-01-01T03:00:00.000001Z' },
      }),
    ).toMatchObject({
      count: 9,
      firstAt: '2026-01-01T01:00:00.000001Z',
      lastAt: '2026-01-01T03:00:00.000001Z',
    });
  });

  it('falls back to when it was made', () => {
    expect(facts({ lastTimestamp: null, firstTimestamp: null, eventTime: null })).toMatchObject({
      count: 1,
      type: 'Normal',
      lastAt: '2026-01-01T00:00:00Z',
    });
  });
});
