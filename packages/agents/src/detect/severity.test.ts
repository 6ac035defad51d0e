import { describe, expect, it } from 'vitest';
import { severityOf } from './severity.ts';

const pods = (total: number, down: number) => ({ total, down });
const replicas = (desired: number, available: number) => ({ desired, available });
const base = { category: 'PodUnhealthy', replicas: null, pods: pods(0, 0), explained: false } as const;

describe('severity', () => {
  it.each([
    ['explained-by-another-anomaly', 'low', { ...base, category: 'ServiceNoEndpoints', explained: true }],
    ['service-without-ready-endpoints', 'high', { ...base, category: 'ServiceNoEndpoints' }],
    ['sustained-warning-events', 'medium', { ...base, category: 'WarningEvent' }],
    ['nothing-available', 'high', { ...base, replicas: replicas(2, 0), pods: pods(2, 2) }],
    [
      'nothing-available',
      'high',
      { ...base, category: 'DeploymentUnavailable', replicas: replicas(3, 0), pods: pods(0, 0) },
    ],
    ['partly-available', 'medium', { ...base, replicas: replicas(3, 2), pods: pods(3, 1) }],
    ['all-pods-down', 'high', { ...base, pods: pods(3, 3) }],
    ['pods-down-beside-healthy-ones', 'medium', { ...base, pods: pods(3, 1) }],
    ['pods-down-beside-healthy-ones', 'medium', { ...base, replicas: replicas(3, 3), pods: pods(4, 1) }],
    ['otherwise', 'low', { ...base, pods: pods(1, 0) }],
  ] as const)('is decided by the rule %s: %s', (rule, severity, facts) => {
    expect(severityOf(facts)).toEqual({ rule, severity });
  });

  it('does not flap with a crash-looping container that is available for a moment', () => {
    const up = severityOf({ ...base, replicas: replicas(2, 1), pods: pods(2, 2) });
    const down = severityOf({ ...base, replicas: replicas(2, 0), pods: pods(2, 2) });
    expect(up).toEqual(down);
  });
});
