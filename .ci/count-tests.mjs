// Reads vitest's JSON report and prints "passed failed". What did not run is not passed: a file that could not be loaded, a run that
// failed outside any test, and a suite without tests count as failures; a skipped test counts as neither.
import { readFileSync } from 'node:fs';

const [, , path = '', exitCode = '1'] = process.argv;

function count() {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const statuses = report.testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const passed = statuses.filter((status) => status === 'passed').length;
  const failed = statuses.filter((status) => status === 'failed').length + unloaded.length;
  const unexplained = failed === 0 && (exitCode !== '0' || passed === 0);
  return { passed, failed: failed + (unexplained ? 1 : 0) };
}

const { passed, failed } = count();
console.log(`${passed} ${failed}`);
