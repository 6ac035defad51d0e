import { describe, expect, it } from 'vitest';
import type { EventFacts } from '../objects/event-facts.ts';
import type { ReplicaSet } from '../objects/wire.ts';
import { wasHealthy } from './was-healthy.ts';

const set = (over: object = {}): ReplicaSet =>
  ({
    metadata: { name: 'web-6d4f', annotations: { 'deployment.kubernetes.io/desired-replicas': '2' } },
    status: {},
    ...over,
  }) as unknown as ReplicaSet;
const event = (name: string, reason: string, type = 'Normal'): EventFacts => ({
  type,
  reason,
  message: '',
  count: 1,
  firstAt: '',
  lastAt: '',
  involved: { kind: 'Pod', name, uid: null },
});
const started = [event('web-6d4f-aaaaa', 'Started'), event('web-6d4f-bbbbb', 'Started')];

describe('wasHealthy', () => {
  it.each([
    ['its pods are available now', set({ status: { availableReplicas: 1 } }), undefined, [], true],
    [
      'the controller says that it was complete',
      set(),
      {
        status: 'True',
        reason: 'NewReplicaSetAvailable',
        message: 'ReplicaSet "web-6d4f" has successfully progressed.',
      },
      [],
      true,
    ],
    ['all its pods started and nothing warned of them', set(), undefined, started, false],
  ] as [string, ReplicaSet, Parameters<typeof wasHealthy>[1], EventFacts[], boolean][])(
    'holds where %s',
    (_what, of, progressing, events, current) => {
      expect(wasHealthy(of, progressing, events, current)).toBe(true);
    },
  );

  it.each([
    ['nothing is known of it', [], false],
    ['only some of its pods started', started.slice(1), false],
    ['one of its pods was warned of', [...started, event('web-6d4f-aaaaa', 'BackOff', 'Warning')], false],
    [
      'the pods are those of another set',
      started.map(({ involved, ...rest }) => ({ ...rest, involved: { ...involved, name: `x${involved.name}` } })),
      false,
    ],
    [
      'the pods are those of a longer name',
      [event('web-6d4f-2-aaaaa', 'Started'), event('web-6d4f-2-bbbbb', 'Started')],
      false,
    ],
    ['it is the current one and just started: it may fail in a second', started, true],
  ] as [string, EventFacts[], boolean][])('does not hold where %s', (_what, events, current) => {
    expect(wasHealthy(set(), undefined, events, current)).toBe(false);
  });

  it("does not take another ReplicaSet's success for its own", () => {
    const other = {
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "web-9999" has successfully progressed.',
    };
    expect(wasHealthy(set(), other, [], true)).toBe(false);
  });
});
