import { describe, expect, it } from 'vitest';
import {
  ago,
  CLUSTER,
  container,
  crashLoop,
  deployment,
  HOUR,
  missingImage,
  NEW_IMAGE,
  namespaceFacts,
  pod,
  pods,
} from '../testing/facts.ts';
import { detect } from './detect.ts';

const found = (facts: Parameters<typeof detect>[1]) => detect(CLUSTER, facts);
const waiting = (waitingReason: string, over = {}) => container({ ready: false, waitingReason, ...over });
const bare = { owner: null, name: 'job-runner' } as const;

describe('unhealthy pods', () => {
  it('are one finding on the Deployment that owns them, however many they are', () => {
    const findings = found(missingImage());
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      category: 'PodUnhealthy',
      cause: 'image-pull',
      target: { kind: 'Deployment', name: 'web', uid: 'uid-web' },
      severity: 'high',
      severityRule: 'nothing-available',
      containers: [{ name: 'web', image: NEW_IMAGE }],
      facts: { symptom: 'image-pull', podsAffected: 2, podsTotal: 2, desired: 2, available: 0 },
    });
    expect(findings[0]?.summary).toBe(
      `Deployment shop/web: image cannot be pulled (container web, ${NEW_IMAGE}), 2 of 2 pods`,
    );
  });

  it.each(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])(
    'are seen at once for %s, which waiting does not mend',
    (reason) => {
      expect(
        found(
          namespaceFacts({ pods: [pod({ ...bare, createdAt: ago(1), ready: false, containers: [waiting(reason)] })] }),
        )[0]?.cause,
      ).toBe('image-pull');
    },
  );

  it('are given a moment after a first failed pull', () => {
    const at = (seconds: number) =>
      namespaceFacts({
        pods: [pod({ ...bare, createdAt: ago(seconds), ready: false, containers: [waiting('ErrImagePull')] })],
      });
    expect(found(at(5))).toEqual([]);
    expect(found(at(61))[0]?.cause).toBe('image-pull');
  });

  it('crash-loop from the second restart on, also in the seconds in which the container runs', () => {
    expect(found(crashLoop())[0]).toMatchObject({ cause: 'crash-loop', severity: 'high' });
    const running = container({ restarts: 7, lastExit: { reason: 'Error', exitCode: 1, finishedAt: ago(30) } });
    expect(found(namespaceFacts({ pods: [pod({ ...bare, containers: [running] })] }))[0]?.cause).toBe('crash-loop');
    expect(
      found(
        namespaceFacts({
          pods: [pod({ ...bare, ready: false, containers: [waiting('CrashLoopBackOff', { restarts: 1 })] })],
        }),
      )[0]?.cause,
    ).toBe('not-ready');
  });

  it('have got over a crash of long ago, and an exit with code 0 is no crash', () => {
    const crashed = (exitCode: number, seconds: number) =>
      namespaceFacts({
        pods: [
          pod({
            ...bare,
            containers: [container({ restarts: 9, lastExit: { reason: 'Error', exitCode, finishedAt: ago(seconds) } })],
          }),
        ],
      });
    expect(found(crashed(1, 11 * 60))).toEqual([]);
    expect(found(crashed(0, 30))).toEqual([]);
  });

  it('are out of memory rather than crash-looping when that is why they crash, once is enough', () => {
    const killed = container({ restarts: 1, lastExit: { reason: 'OOMKilled', exitCode: 137, finishedAt: ago(60) } });
    expect(found(namespaceFacts({ pods: [pod({ ...bare, containers: [killed] })] }))[0]).toMatchObject({
      cause: 'oom-killed',
      severity: 'low',
    });
    const looping = {
      ...killed,
      ready: false,
      restarts: 6,
      waitingReason: 'CrashLoopBackOff',
      lastExit: { reason: 'OOMKilled', exitCode: 137, finishedAt: null },
    };
    expect(found(namespaceFacts({ pods: [pod({ ...bare, ready: false, containers: [looping] })] }))[0]).toMatchObject({
      cause: 'oom-killed',
      severity: 'high',
    });
  });

  it('are unready only after five minutes, counted from when they became so', () => {
    const unready = (over: Parameters<typeof pod>[0]) =>
      namespaceFacts({ pods: [pod({ ...bare, ready: false, ...over })] });
    expect(found(unready({ createdAt: ago(299) }))).toEqual([]);
    expect(found(unready({ createdAt: ago(300) }))[0]?.cause).toBe('not-ready');
    expect(found(unready({ createdAt: ago(HOUR), notReadySince: ago(20) }))).toEqual([]);
    expect(found(unready({ createdAt: ago(HOUR), notReadySince: ago(301) }))[0]?.cause).toBe('not-ready');
  });

  it('say the cause and not also that they are unready', () => {
    const facts = namespaceFacts({
      deployments: [deployment({ available: 0, ready: 0 })],
      pods: [
        ...pods(1, { ready: false, containers: [waiting('ImagePullBackOff')] }),
        pod({ name: 'web-7d4b9-zzzzz', ready: false }),
      ],
    });
    expect(found(facts).map(({ cause }) => cause)).toEqual(['image-pull']);
  });

  it('are no anomaly while they are deleted, after they ended, or when their Deployment is scaled to zero', () => {
    const broken = { ready: false, containers: [waiting('ImagePullBackOff')] };
    expect(found(namespaceFacts({ pods: [pod({ ...bare, ...broken, deleting: true })] }))).toEqual([]);
    expect(found(namespaceFacts({ pods: [pod({ ...bare, phase: 'Succeeded', ready: false })] }))).toEqual([]);
    expect(
      found(
        namespaceFacts({
          pods: [pod({ owner: { kind: 'StatefulSet', name: 'db', uid: 'u' }, phase: 'Failed', ready: false })],
        }),
      ),
    ).toEqual([]);
    expect(
      found(
        namespaceFacts({ deployments: [deployment({ desired: 0, available: 0, ready: 0 })], pods: pods(2, broken) }),
      ),
    ).toEqual([]);
  });

  it('are named by their controller where that is no Deployment, of foreign kinds too', () => {
    const owned = (kind: string) =>
      found(
        namespaceFacts({
          pods: pods(3, {
            owner: { kind, name: 'db', uid: 'uid-db' },
            ready: false,
            containers: [waiting('ImagePullBackOff')],
          }),
        }),
      );
    expect(owned('StatefulSet')).toMatchObject([
      {
        target: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' },
        severity: 'high',
        severityRule: 'all-pods-down',
      },
    ]);
    expect(owned('Rollout')).toMatchObject([{ target: { apiVersion: 'unknown', kind: 'Rollout', name: 'db' } }]);
  });

  it('say of a missing setting what it is', () => {
    expect(
      found(
        namespaceFacts({ pods: [pod({ ...bare, ready: false, containers: [waiting('CreateContainerConfigError')] })] }),
      )[0]?.cause,
    ).toBe('config-error');
  });
});
