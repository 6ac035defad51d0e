import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../store/object-store.ts';
import { leastUsefulFirst } from './replica-set-pods.ts';

function pod(
  name: string,
  state: { node?: string; phase: string; ready?: boolean; restarts?: number; created?: string },
): KubeObject {
  const { node, phase, ready = false, restarts = 0, created = '2026-01-02T03:04:05Z' } = state;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1', creationTimestamp: created },
    spec: { containers: [{ name: 'web', image: 'good:1' }], ...(node === undefined ? {} : { nodeName: node }) },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: created }],
      containerStatuses: [{ name: 'web', restartCount: restarts }],
    },
  };
}

describe('which pods go first', () => {
  it('is unscheduled, pending, not ready, restarting, young; a pod that serves goes last', () => {
    const node = 'sandbox-node-1';
    const inOrder = [
      pod('unscheduled', { phase: 'Pending' }),
      pod('pending', { node, phase: 'Pending' }),
      pod('not-ready', { node, phase: 'Running' }),
      pod('restarting', { node, phase: 'Running', ready: true, restarts: 3 }),
      pod('young', { node, phase: 'Running', ready: true, created: '2026-01-02T03:05:00Z' }),
      pod('old', { node, phase: 'Running', ready: true }),
    ];
    const names = (pods: readonly KubeObject[]) => pods.map(({ metadata }) => metadata.name);
    expect(names(leastUsefulFirst(inOrder.toReversed()))).toEqual(names(inOrder));
    expect(names(leastUsefulFirst(inOrder))).toEqual(names(inOrder));
  });
});
