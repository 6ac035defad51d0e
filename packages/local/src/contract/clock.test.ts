import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createClock } from './clock.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';

const MACHINE = new Date('2026-11-21T09:00:00.000Z');
let root: string;
let data: DataDirectory;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-clock-'));
  data = openDataDirectory(root);
});
afterEach(() => {
  data.release();
  rmSync(root, { recursive: true, force: true });
});

test('runs with the machine until it is advanced, and a restart keeps the offset', () => {
  const clock = createClock(data, () => MACHINE);
  expect(clock.now()).toEqual(MACHINE);
  expect(clock.advance(3600).toISOString()).toBe('2026-11-21T10:00:00.000Z');
  expect(clock.advance(60).toISOString()).toBe('2026-11-21T10:01:00.000Z');
  const restarted = createClock(data, () => MACHINE);
  expect(restarted.now().toISOString()).toBe('2026-11-21T10:01:00.000Z');
  expect(restarted.offsetSeconds()).toBe(3660);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 315_360_001])(
  'refuses to advance by %d seconds and stays where it is',
  (seconds) => {
    const clock = createClock(data, () => MACHINE);
    expect(() => clock.advance(seconds)).toThrow(RangeError);
    expect(clock.now()).toEqual(MACHINE);
  },
);
