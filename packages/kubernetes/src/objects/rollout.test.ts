import { describe, expect, it } from 'vitest';
import { rolloutOf } from './rollout.ts';
import type { Deployment } from './wire.ts';

const DONE = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const rollout = (status: object, spec: object = { replicas: 2 }) =>
  rolloutOf({ metadata: { generation: 3 }, spec, status } as unknown as Deployment);

describe('rolloutOf', () => {
  it('is complete when the controller has seen the newest spec and every pod is new and available', () => {
    expect(rollout(DONE)).toMatchObject({ complete: true, observed: true, deadlineExceeded: false });
    expect(rollout({ observedGeneration: 3 }, { replicas: 0 }).complete).toBe(true);
  });

  it.each([
    ['the controller has not seen the newest spec', { ...DONE, observedGeneration: 2 }],
    ['a pod is old', { ...DONE, updatedReplicas: 1 }],
    ['an old pod is left beside the new ones', { ...DONE, replicas: 3 }],
    ['a pod is not available', { ...DONE, availableReplicas: 1, unavailableReplicas: 1 }],
    ['nothing is known', {}],
  ])('is not complete while %s', (_what, status) => {
    expect(rollout(status).complete).toBe(false);
  });

  it("takes the controller's giving up for real only once it has seen the newest spec", () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    expect(rollout({ ...DONE, conditions }).deadlineExceeded).toBe(true);
    expect(rollout({ ...DONE, observedGeneration: 2, conditions }).deadlineExceeded).toBe(false);
  });

  it('wants one replica where none is said', () => {
    expect(rollout(DONE, {}).desired).toBe(1);
  });
});
