import { describe, expect, it } from 'vitest';
import { createDeployment, statusOf, type TestCluster, testCluster } from './testing/cluster.ts';

const BUDGETS = 'poddisruptionbudgets.policy';

function budget(cluster: TestCluster, spec: Record<string, unknown>): void {
  cluster.store.create(BUDGETS, {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { namespace: 'shop', name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  });
}
const status = (cluster: TestCluster) => {
  const found = cluster.store.get(BUDGETS, 'shop', 'web');
  if (found === undefined) throw new Error('no budget');
  return statusOf(found);
};

describe('a PodDisruptionBudget', () => {
  it.each([
    [{ minAvailable: 2 }, { expectedPods: 4, desiredHealthy: 2, disruptionsAllowed: 2 }],
    [{ minAvailable: '51%' }, { expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 1 }, { expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 1 }],
    [{ maxUnavailable: 0 }, { expectedPods: 4, desiredHealthy: 4, disruptionsAllowed: 0 }],
  ])('with %j tells %j of four healthy pods', (spec, wanted) => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 4 });
    budget(cluster, spec);
    cluster.settle();
    expect(status(cluster)).toMatchObject({ currentHealthy: 4, observedGeneration: 1, ...wanted });
    expect(cluster.errors).toEqual([]);
  });

  it('allows none while pods are not ready, and says so in its condition', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 2, image: 'absent:1' });
    budget(cluster, { minAvailable: 1 });
    cluster.settle();
    expect(status(cluster)).toMatchObject({
      currentHealthy: 0,
      disruptionsAllowed: 0,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    });
  });

  it('follows its pods', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 2 });
    budget(cluster, { minAvailable: 1 });
    cluster.settle();
    expect(status(cluster).disruptionsAllowed).toBe(1);
    cluster.change((spec) => {
      spec.replicas = 1;
    });
    cluster.settle();
    expect(status(cluster)).toMatchObject({ expectedPods: 1, disruptionsAllowed: 0 });
  });
});
