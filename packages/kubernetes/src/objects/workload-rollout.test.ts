import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { workloadRollout } from './workload-rollout.ts';

const of = (kind: string, spec: object, status: object, generation = 4): Json =>
  ({ kind, metadata: { generation }, spec, status: { observedGeneration: 4, ...status } }) as Json;
const complete = (kind: string, object: Json): boolean => workloadRollout(kind, object).complete;
const three = { replicas: 3, readyReplicas: 3, availableReplicas: 3, updatedReplicas: 3 };

describe('workloadRollout', () => {
  it.each<[string, object, object, boolean]>([
    ['StatefulSet', { replicas: 3 }, three, true],
    ['StatefulSet', { replicas: 3 }, { ...three, updatedReplicas: 2 }, false],
    ['StatefulSet', { replicas: 3 }, { ...three, availableReplicas: 2 }, false],
    ['StatefulSet', { replicas: 2 }, three, false],
    ['StatefulSet', {}, { replicas: 1, availableReplicas: 1, updatedReplicas: 1 }, true],
    [
      'StatefulSet',
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { ...three, updatedReplicas: 1 },
      true,
    ],
    [
      'StatefulSet',
      { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
      { ...three, updatedReplicas: 0 },
      false,
    ],
    ['ReplicaSet', { replicas: 3 }, { replicas: 3, availableReplicas: 3 }, true],
    ['ReplicaSet', { replicas: 3 }, { replicas: 3, availableReplicas: 1 }, false],
    [
      'DaemonSet',
      {},
      { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
      true,
    ],
    [
      'DaemonSet',
      {},
      { desiredNumberScheduled: 2, currentNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 2 },
      false,
    ],
    [
      'DaemonSet',
      {},
      { desiredNumberScheduled: 2, currentNumberScheduled: 1, updatedNumberScheduled: 2, numberAvailable: 2 },
      false,
    ],
    ['Deployment', { replicas: 3 }, three, true],
    ['Service', {}, three, false],
  ])('of a %s with %j and %j is complete: %s', (kind, spec, status, expected) => {
    expect(complete(kind, of(kind, spec, status))).toBe(expected);
  });

  it.each(['StatefulSet', 'ReplicaSet', 'Deployment'])(
    'does not take the old rollout of a %s for the new one',
    (kind) => {
      expect(complete(kind, of(kind, { replicas: 3 }, three, 5))).toBe(false);
    },
  );
});
