import type { Target } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { liveObjectOf } from '../objects/live-object.ts';
import { type SomeDeployment, someDeployment, UID } from '../testing/objects.ts';
import { rolloutState } from './rollout-state.ts';

const target: Target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: UID };
const stateOf = (change: (deployment: SomeDeployment) => void = () => {}, replicas = 2) =>
  rolloutState(replicas, target, liveObjectOf(someDeployment(change)));

describe('rolloutState', () => {
  it('is met by a complete rollout of the approved size', () => {
    expect(stateOf()).toEqual({
      state: 'met',
      message: 'Deployment shop/web: 2 updated and 2 available of 2 replicas',
    });
  });

  it('does not take the old rollout for the new one before the controller has seen the change', () => {
    expect(
      stateOf((d) => {
        d.metadata.generation = 8;
      }),
    ).toEqual({ state: 'waiting', message: 'Deployment shop/web: the controller has not seen the change yet' });
  });

  it('waits while pods are missing', () => {
    expect(
      stateOf((d) => {
        d.status.availableReplicas = 1;
      }).state,
    ).toBe('waiting');
  });

  it('waits, to end as inconclusive, where somebody changed the approved size', () => {
    expect(stateOf(() => {}, 4)).toEqual({
      state: 'waiting',
      message: 'Deployment shop/web wants 2 replicas now, 4 were approved',
    });
  });

  it('fails where the controller gave up on this very change', () => {
    const gaveUp = (d: SomeDeployment) => {
      d.status.conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    };
    expect(stateOf(gaveUp).state).toBe('failed');
    expect(
      stateOf((d) => {
        gaveUp(d);
        d.metadata.generation = 8;
      }).state,
    ).toBe('waiting');
  });

  it('fails where the object is gone, going, or another one', () => {
    expect(rolloutState(2, target, null).state).toBe('failed');
    expect(
      stateOf((d) => {
        d.metadata.deletionTimestamp = '2026-11-20T10:00:00Z';
      }).state,
    ).toBe('failed');
    expect(
      stateOf((d) => {
        d.metadata.uid = 'another';
      }).state,
    ).toBe('failed');
  });

  it('of a created object does not ask for a uid that nobody knew', () => {
    expect(rolloutState(2, { ...target, uid: null }, liveObjectOf(someDeployment())).state).toBe('met');
  });

  it('of a DaemonSet counts the nodes that there are now', () => {
    const daemon = { ...target, kind: 'DaemonSet' };
    const counted = (status: object) =>
      rolloutState(
        2,
        daemon,
        liveObjectOf(
          someDeployment((d) => {
            d.status = { observedGeneration: 7, ...status };
          }),
        ),
      );
    const three = {
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    };
    expect(counted(three)).toEqual({
      state: 'met',
      message: 'DaemonSet shop/web: 3 updated and 3 available of 3 replicas',
    });
    expect(counted({ ...three, updatedNumberScheduled: 2 }).state).toBe('waiting');
  });
});
