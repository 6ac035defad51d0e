import { describe, expect, it } from 'vitest';
import { distanceText, durationText, utcText } from './instants.ts';

const now = new Date('2026-11-21T09:54:00.000Z');

describe('times', () => {
  it('name the day only when it is another one, and the year only when it is another one', () => {
    expect(utcText('2026-11-21T10:42:00Z', now)).toBe('10:42 UTC');
    expect(utcText('2026-11-21T10:42:07Z', now, 'seconds')).toBe('10:42:07 UTC');
    expect(utcText('2026-11-22T00:02:00Z', now)).toBe('22 Nov 00:02 UTC');
    expect(utcText('2027-01-02T00:02:00Z', now)).toBe('2 Jan 2027 00:02 UTC');
    expect(utcText('garbage', now)).toBe('an unreadable time');
  });

  it('say how far away they are, never later than true', () => {
    expect(distanceText('2026-11-21T10:42:59Z', now)).toBe('in 48 min');
    expect(distanceText('2026-11-21T09:31:30Z', now)).toBe('22 min ago');
    expect(distanceText('2026-11-21T09:54:00Z', now)).toBe('just now');
    expect([0, 59, 60, 3599, 3600, 7500, 86_400, 100_000].map(durationText)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '2 h 5 min',
      '1 d',
      '1 d 3 h',
    ]);
  });
});
