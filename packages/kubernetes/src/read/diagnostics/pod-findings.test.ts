import { describe, expect, it } from 'vitest';
import type { Pod } from '../../objects/wire.ts';
import { failingContainer, podFindings, worstFirst } from './pod-findings.ts';

type Status = NonNullable<Pod['status']>;
type Container = NonNullable<Status['containerStatuses']>[number];

const container = (over: Partial<Container>): Container =>
  ({ name: 'app', image: 'nginx:1', imageID: '', ready: false, restartCount: 0, ...over }) as Container;
const pod = (status: Partial<Status>, metadata: Pod['metadata'] = { name: 'p' }): Pod => ({ metadata, status }) as Pod;
const ended = (over: object) => ({ exitCode: 1, ...over });
const codes = (one: Pod): readonly string[] => podFindings(one).map(({ code }) => code);

describe('podFindings', () => {
  it.each([
    ['container.image', container({ state: { waiting: { reason: 'ImagePullBackOff' } } })],
    ['container.image', container({ state: { waiting: { reason: 'InvalidImageName' } } })],
    ['container.config', container({ state: { waiting: { reason: 'CreateContainerConfigError' } } })],
    ['container.start', container({ state: { waiting: { reason: 'RunContainerError' } } })],
    [
      'container.crash-looping',
      container({
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: ended({ reason: 'Error' }) },
      }),
    ],
    [
      'container.out-of-memory',
      container({
        restartCount: 3,
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        lastState: { terminated: ended({ reason: 'OOMKilled' }) },
      }),
    ],
    [
      'container.out-of-memory',
      container({ ready: true, state: { running: {} }, lastState: { terminated: ended({ reason: 'OOMKilled' }) } }),
    ],
    ['container.failed', container({ state: { terminated: ended({ exitCode: 2 }) } })],
    [
      'container.restarted',
      container({ ready: true, restartCount: 1, state: { running: {} }, lastState: { terminated: ended({}) } }),
    ],
    ['container.not-ready', container({ state: { running: {} } })],
  ])('names %s', (code, status) => {
    expect(codes(pod({ phase: 'Running', containerStatuses: [status] }))).toEqual([code]);
    expect(codes(pod({ phase: 'Running', initContainerStatuses: [status] }))).toEqual([code]);
  });

  it('says with which exit the last run ended, and where its log is', () => {
    const looping = container({
      restartCount: 3,
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: ended({ reason: 'Error', exitCode: 137, signal: 9 }) },
    });
    expect(podFindings(pod({ containerStatuses: [looping] }))).toEqual([
      {
        code: 'container.crash-looping',
        severity: 'error',
        message: 'Container app keeps ending: Error, exit code 137, signal 9.',
        said: undefined,
        next: expect.stringContaining('previous: true'),
      },
    ]);
  });

  it('says why no node takes a pod, and that one is on its way out or was put out', () => {
    const conditions = [
      { type: 'PodScheduled', status: 'False', message: '0/3 nodes are available: 3 Insufficient cpu.' },
    ];
    expect(podFindings(pod({ phase: 'Pending', conditions } as Partial<Status>))).toMatchObject([
      { code: 'pod.unschedulable', said: '0/3 nodes are available: 3 Insufficient cpu.' },
    ]);
    const going = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a.example/hold'] };
    expect(podFindings(pod({ phase: 'Running' }, going))).toMatchObject([
      { code: 'pod.terminating', message: expect.stringContaining('a.example/hold') },
    ]);
    expect(codes(pod({ phase: 'Failed', reason: 'Evicted' }))).toEqual(['pod.failed']);
  });

  it('finds nothing at a pod that runs, that is done, or that is still starting', () => {
    const running = container({ ready: true, state: { running: {} } });
    expect(codes(pod({ phase: 'Running', containerStatuses: [running] }))).toEqual([]);
    expect(
      codes(
        pod({ phase: 'Succeeded', containerStatuses: [container({ state: { terminated: ended({ exitCode: 0 }) } })] }),
      ),
    ).toEqual([]);
    expect(
      codes(
        pod({
          phase: 'Pending',
          containerStatuses: [container({ state: { waiting: { reason: 'ContainerCreating' } } })],
        }),
      ),
    ).toEqual([]);
    expect(codes({} as Pod)).toEqual([]);
  });

  it('quotes names without their hidden characters', () => {
    const hostile = container({ name: 'a\u202eb', state: { waiting: { reason: 'ErrImagePull\u200b' } } });
    expect(JSON.stringify(podFindings(pod({ containerStatuses: [hostile] })))).not.toMatch(/[\p{Cf}]/u);
  });
});

describe('failingContainer', () => {
  it('is the one that ended, with its last run where it was started anew, else the one that is not ready', () => {
    const healthy = container({ name: 'ok', ready: true, state: { running: {} } });
    const crashed = container({
      name: 'bad',
      restartCount: 1,
      state: { waiting: {} },
      lastState: { terminated: ended({}) },
    });
    const dead = container({ name: 'dead', state: { terminated: ended({}) } });
    const slow = container({ name: 'slow', state: { running: {} } });
    const of = (...all: readonly Container[]) => failingContainer(pod({ containerStatuses: all } as Partial<Status>));
    expect(of(healthy, crashed)).toEqual({ name: 'bad', previous: true });
    expect(of(healthy, dead)).toEqual({ name: 'dead', previous: false });
    expect(of(healthy, slow)).toEqual({ name: 'slow', previous: false });
    expect(of(healthy)).toBeUndefined();
  });
});

it('sorts the pods that are not ready before the others, whatever order they came in', () => {
  const some = (name: string, ready: boolean, createdAt: string): Pod =>
    pod({ conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } as Partial<Status>, {
      name,
      creationTimestamp: createdAt,
    });
  const all = [
    some('a', true, '1'),
    some('b', false, '1'),
    some('c', false, '2'),
    some('d', true, '2'),
    some('e', false, '1'),
  ];
  const expected = ['c', 'b', 'e', 'd', 'a'];
  for (const list of [all, all.toReversed()]) {
    expect(list.toSorted(worstFirst).map(({ metadata }) => metadata?.name)).toEqual(expected);
  }
});
