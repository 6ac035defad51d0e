/** .ci/run says how many tests passed and failed: what did not run must never count as passed, nor a red run as green. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('../../.ci/count-tests.mjs', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'countersign-counts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const file = (status: string, ...tests: readonly string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
});

function counts(testResults: unknown, exitCode: number): string {
  const report = join(directory, 'report.json');
  writeFileSync(report, JSON.stringify({ testResults }));
  return execFileSync(process.execPath, [SCRIPT, report, String(exitCode)], { encoding: 'utf8' }).trim();
}

describe('the counts of a suite', () => {
  it.each([
    [
      'tests that passed and failed',
      [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed')],
      1,
      '3 1',
    ],
    ['a file that could not be loaded as a failure', [file('passed', 'passed'), file('failed')], 1, '1 1'],
    ['a suite without tests as a failure', [], 0, '0 1'],
    ['a suite of skipped tests as a failure', [file('passed', 'pending', 'skipped')], 0, '0 1'],
    ['a run that failed outside any test as a failure', [file('passed', 'passed')], 1, '1 1'],
    ['a green run as it is', [file('passed', 'passed')], 0, '1 0'],
  ])('count %s', (_, testResults, exitCode, expected) => {
    expect(counts(testResults, exitCode)).toBe(expected);
  });

  it('count a report that is missing as a failure', () => {
    const missing = join(directory, 'missing.json');
    expect(execFileSync(process.execPath, [SCRIPT, missing, '0'], { encoding: 'utf8' }).trim()).toBe('0 1');
  });
});
