import { describe, expect, it } from 'vitest';
import { ago, CLUSTER, deployment, HOUR, namespaceFacts, pod, pods } from '../testing/facts.ts';
import { detect } from './detect.ts';

const found = (over: Parameters<typeof deployment>[0], somePods = pods(0)) =>
  detect(CLUSTER, namespaceFacts({ deployments: [deployment(over)], pods: somePods }));

describe('an unavailable Deployment', () => {
  it('is found when replicas are missing and no pod says why', () => {
    expect(found({ available: 1, ready: 1 }, pods(1))).toMatchObject([
      {
        category: 'DeploymentUnavailable',
        cause: 'unavailable',
        severity: 'medium',
        severityRule: 'partly-available',
        target: { name: 'web' },
      },
    ]);
    expect(found({ available: 0, ready: 0 })).toMatchObject([{ severity: 'high', severityRule: 'nothing-available' }]);
  });

  it('is no anomaly when it has what it wants, or wants nothing', () => {
    expect(found({}, pods(2))).toEqual([]);
    expect(found({ desired: 0, available: 0, ready: 0 })).toEqual([]);
    expect(found({ desired: -1, available: 0, ready: 0 })).toEqual([]);
  });

  it('is given five minutes for a rollout under way, and none once the API server gave the rollout up', () => {
    const rolling = { available: 1, ready: 1, rolloutComplete: false, lastRolloutAt: ago(299) };
    expect(found(rolling, pods(1))).toEqual([]);
    expect(found({ ...rolling, lastRolloutAt: ago(301) }, pods(1))).toHaveLength(1);
    expect(found({ ...rolling, lastRolloutAt: null, createdAt: ago(60) }, pods(1))).toEqual([]);
    expect(found({ ...rolling, progressDeadlineExceeded: true }, pods(1))).toHaveLength(1);
  });

  it('is found by the exceeded deadline though old replicas still serve', () => {
    const findings = found({ progressDeadlineExceeded: true, rolloutComplete: false }, pods(2));
    expect(findings).toMatchObject([
      { cause: 'unavailable', severity: 'low', facts: { progressDeadlineExceeded: true } },
    ]);
  });

  it('is given time for pods that start or turned unready a moment ago', () => {
    const starting = pod({ name: 'web-7d4b9-zzzzz', ready: false, createdAt: ago(20) });
    const flickering = pod({ name: 'web-7d4b9-zzzzz', ready: false, createdAt: ago(HOUR), notReadySince: ago(20) });
    expect(found({ available: 1, ready: 1 }, [...pods(1), starting])).toEqual([]);
    expect(found({ available: 1, ready: 1 }, [...pods(1), flickering])).toEqual([]);
    expect(found({ desired: 3, available: 1, ready: 1 }, [...pods(1), starting])).toHaveLength(1);
  });
});
