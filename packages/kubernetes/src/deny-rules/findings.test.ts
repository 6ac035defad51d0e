import type { DenyRule, Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { objectRules } from '../objects/object-rules.ts';
import { type SomeDeployment, someDeployment, someDryRun, somePolicy, UID } from '../testing/objects.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: UID };
const restart: Operation = { type: 'restart', restartedAt: '2026-11-21T09:00:00Z' };

interface Case {
  readonly operation?: Operation;
  readonly live?: Json;
  readonly after?: Json;
  readonly policy?: ReturnType<typeof somePolicy>;
  readonly namespace?: string;
}

const judge = ({
  operation = restart,
  live = someDeployment(),
  after = someDryRun(() => {}),
  policy = somePolicy(),
  namespace = 'shop',
}: Case) =>
  objectRules.findings(policy, [{ step: { target: { ...target, namespace }, operation }, live, dryRun: after }]);
const denied = (of: Case): readonly string[] =>
  judge(of)
    .filter(({ severity }) => severity === 'deny')
    .map(({ code }) => code);

type Change = (deployment: SomeDeployment) => void;
const inPod =
  (more: { [key: string]: Json }): Change =>
  (d) => {
    Object.assign(d.spec.template.spec, more);
  };
const inContainer =
  (list: string, more: { [key: string]: Json }): Change =>
  (d) => {
    d.spec.template.spec[list] = [{ name: 'c', image: 'a:1', ...more }];
  };

describe('the deny rules', () => {
  it('leave one finding each where nothing is wrong', () => {
    expect(judge({}).map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'pass privileged',
      'pass host-namespace',
      'pass host-path',
      'pass added-capability',
      'pass image-tag',
      'pass namespace-not-allowed',
      'pass replicas-out-of-bounds',
      'pass container-unknown',
      'pass protected-namespace',
      'pass protected-metadata',
      'pass secret-kind',
      'pass escalation-kind',
      'pass data-deleted',
      'pass host-port',
      'pass ephemeral-container',
      'pass service-exposed',
      'pass service-account',
    ]);
  });

  const everywhere = ['containers', 'initContainers', 'ephemeralContainers'];
  it.each([
    ...everywhere.map((list) => ['privileged', inContainer(list, { securityContext: { privileged: true } })] as const),
    ['privileged', inContainer('containers', { securityContext: { windowsOptions: { hostProcess: true } } })] as const,
    ['privileged', inPod({ securityContext: { windowsOptions: { hostProcess: true } } })] as const,
    ...['hostNetwork', 'hostPID', 'hostIPC'].map((member) => ['host-namespace', inPod({ [member]: true })] as const),
    [
      'host-path',
      inPod({
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', hostPath: { path: '/' } },
        ],
      }),
    ] as const,
    ...everywhere.map(
      (list) =>
        ['added-capability', inContainer(list, { securityContext: { capabilities: { add: ['NET_RAW'] } } })] as const,
    ),
    [
      'replicas-out-of-bounds',
      (d: SomeDeployment) => {
        d.spec.replicas = 6;
      },
    ] as const,
  ] as readonly (readonly [DenyRule, Change])[])('%s denies what the plan brings', (code, change) => {
    expect(denied({ after: someDryRun(change) })).toContain(code);
  });

  it.each([
    ['privileged', inContainer('initContainers', { securityContext: { privileged: true } })],
    ['host-namespace', inPod({ hostNetwork: true })],
    ['host-path', inPod({ volumes: [{ name: 'b', hostPath: { path: '/' } }] })],
    ['added-capability', inContainer('containers', { securityContext: { capabilities: { add: ['ALL'] } } })],
    [
      'replicas-out-of-bounds',
      (d) => {
        d.spec.replicas = 9;
      },
    ],
  ] as [DenyRule, Change][])(
    '%s denies what was there before, too: new pods would be started with it',
    (code, change) => {
      expect(denied({ live: someDeployment(change), after: someDryRun(change) })).toEqual([code]);
    },
  );

  it.each([
    inContainer('containers', { securityContext: { privileged: false, capabilities: { drop: ['ALL'] } } }),
    inPod({ hostNetwork: false, volumes: [{ name: 'hostPath', emptyDir: {} }] }),
    inPod({ hostUsers: false }),
  ])('pass what only looks alike', (change) => {
    expect(denied({ live: someDeployment(change), after: someDryRun(change) })).toEqual([]);
  });

  describe('image-tag', () => {
    const setImage = (image: string): Case => ({
      operation: { type: 'set-image', container: 'web', image },
      after: someDryRun((d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { image });
      }),
    });
    it.each(['nginx', 'nginx:latest', 'registry:5000/app', 'registry:5000/app:latest', 'nginx:1 27'])(
      'denies %s',
      (image) => {
        expect(new Set(denied(setImage(image)))).toEqual(new Set(['image-tag']));
      },
    );
    it.each([
      'nginx:1.28',
      'registry:5000/app:1',
      `nginx@sha256:${'a'.repeat(64)}`,
      `nginx:latest@sha256:${'a'.repeat(64)}`,
    ])('passes %s', (image) => {
      expect(denied(setImage(image))).toEqual([]);
    });
    it('denies an untagged image that a webhook puts in, in any kind of container', () => {
      expect(denied({ after: someDryRun(inContainer('ephemeralContainers', { image: 'debug' })) })).toEqual([
        'image-tag',
        'ephemeral-container',
      ]);
      expect(
        denied({
          after: someDryRun((d) => {
            d.spec.template.spec.containers.push({ name: 'sidecar', image: 'mesh' });
          }),
        }),
      ).toEqual(['image-tag']);
    });
    it('warns of an untagged image that the plan leaves alone, so that a badly tagged workload can still be helped', () => {
      const untagged: Change = (d) => {
        Object.assign(d.spec.template.spec.containers[1] ?? {}, { image: 'envoy:latest' });
      };
      const findings = judge({ live: someDeployment(untagged), after: someDryRun(untagged) });
      expect(findings.filter(({ severity }) => severity !== 'pass')).toEqual([
        expect.objectContaining({
          severity: 'warn',
          code: 'image-tag',
          message: expect.stringContaining('envoy:latest'),
        }),
      ]);
    });
    it('denies when an untagged image moves from one container to another', () => {
      const before: Change = (d) => {
        Object.assign(d.spec.template.spec.containers[1] ?? {}, { image: 'envoy' });
      };
      const after: Change = (d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'envoy' });
      };
      expect(denied({ live: someDeployment(before), after: someDryRun(after) })).toEqual(['image-tag']);
    });
  });

  it('container-unknown denies a name that the object has not, or has only as an init container', () => {
    const set = (container: string): Case => ({ operation: { type: 'set-image', container, image: 'a:1' } });
    expect(denied(set('web'))).toEqual([]);
    expect(denied(set('nobody'))).toEqual(['container-unknown']);
    expect(denied(set('migrate'))).toEqual(['container-unknown']);
  });

  it('replicas-out-of-bounds denies by request and by result, within the policy of the day', () => {
    const scale = (replicas: number): Case => ({
      operation: { type: 'scale', replicas },
      after: someDryRun((d) => {
        d.spec.replicas = replicas;
      }),
    });
    expect(denied(scale(5))).toEqual([]);
    expect(denied(scale(0))).toEqual([]);
    expect(denied(scale(6))).toEqual(['replicas-out-of-bounds']);
    expect(denied({ ...scale(0), policy: somePolicy({ replicas: { min: 1, max: 5 } }) })).toEqual([
      'replicas-out-of-bounds',
    ]);
    expect(denied({ ...scale(6), policy: somePolicy({ replicas: { min: 0, max: 10 } }) })).toEqual([]);
  });

  it('namespace-not-allowed denies by exact name', () => {
    expect(denied({ namespace: 'other' })).toEqual(['namespace-not-allowed']);
    expect(denied({ namespace: 'shop2' })).toEqual(['namespace-not-allowed']);
  });

  it('a policy switches rules on, but never the allow-list or the known container off', () => {
    const bare = somePolicy({ deny: [] });
    expect(judge({ policy: bare }).map(({ code }) => code)).toEqual([
      'namespace-not-allowed',
      'container-unknown',
      'protected-namespace',
      'protected-metadata',
      'secret-kind',
    ]);
    expect(denied({ policy: bare, namespace: 'other' })).toEqual(['namespace-not-allowed']);
  });

  it('a rule that the policy does not let deny still tells the reviewer', () => {
    const findings = judge({ policy: somePolicy({ deny: [] }), after: someDryRun(inPod({ hostPID: true })) });
    expect(findings).toContainEqual({
      severity: 'warn',
      code: 'host-namespace',
      step: 1,
      message: 'the pods have hostPID',
    });
  });

  it('denies a step without a dry run, and a delete of nothing: there is nothing that could pass', () => {
    expect(denied({ after: null })).toEqual(['dry-run-missing']);
    const operation: Operation = { type: 'delete', propagation: 'Background', gracePeriodSeconds: null };
    expect(denied({ operation, live: null, after: null })).toEqual(['dry-run-missing']);
    expect(denied({ operation, after: null })).toEqual([]);
  });

  it('numbers its findings by step', () => {
    const step = { target, operation: restart };
    const findings = objectRules.findings(somePolicy(), [
      { step, live: someDeployment(), dryRun: someDryRun(() => {}) },
      { step, live: someDeployment(), dryRun: someDryRun(inPod({ hostIPC: true })) },
    ]);
    expect(findings.filter(({ severity }) => severity === 'deny')).toEqual([
      expect.objectContaining({ step: 2, code: 'host-namespace' }),
    ]);
  });

  it('shows text of the object with hidden characters made visible', () => {
    const odd = inPod({ volumes: [{ name: 'a\u202eb', hostPath: { path: '/' } }] });
    const [finding] = judge({ after: someDryRun(odd) }).filter(({ severity }) => severity === 'deny');
    expect(finding?.message).toContain('a\\u{202e}b');
  });
});
