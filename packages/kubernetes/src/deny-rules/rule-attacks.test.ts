/** Ways round the rules: other lists of containers, other kinds around a pod, what only a webhook adds, names that only look allowed. */
import type { DenyRule, Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { deniedBy, type Members, workload } from '../testing/rule-cases.ts';

const bad: Members = {
  name: 'x',
  image: 'evil',
  ports: [{ hostPort: 22 }],
  env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  volumeMounts: [{ name: 'v', mountPath: '/', subPath: '..' }],
  securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } },
};
const badPod = (list: string): Members => ({
  containers: [{ name: 'c', image: 'a:1' }],
  [list]: [bad],
  hostPID: true,
  serviceAccountName: 'cluster-admin',
  automountServiceAccountToken: true,
  volumes: [{ name: 'v', hostPath: { path: '/' } }],
});

/** Kinds that bring pods, each with its way to the template. */
const AROUND: readonly (readonly [kind: string, (spec: Json) => Json])[] = [
  ['Deployment', (spec) => ({ kind: 'Deployment', spec: { template: { spec } } })],
  ['Pod', (spec) => ({ kind: 'Pod', spec })],
  ['Job', (spec) => ({ kind: 'Job', spec: { template: { spec } } })],
  ['CronJob', (spec) => ({ kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec } } } } })],
  ['PodTemplate', (spec) => ({ kind: 'PodTemplate', template: { spec } })],
  ['Rollout', (spec) => ({ kind: 'Rollout', spec: { template: { spec }, strategy: {} } })],
  [
    'Workflow',
    (spec) => ({
      kind: 'Workflow',
      spec: { replicatedJobs: [{ name: 'a', template: { spec: { template: { spec } } } }] },
    }),
  ],
];
const FOUND: readonly DenyRule[] = [
  'privileged',
  'host-namespace',
  'host-path',
  'added-capability',
  'image-tag',
  'host-port',
  'service-account',
  'token-mount',
  'secret-mount',
  'sub-path',
];

describe('no rule on pods is evaded', () => {
  const everywhere = AROUND.flatMap(([kind, around]) =>
    ['containers', 'initContainers', 'ephemeralContainers'].map((list) => [kind, list, around] as const),
  );
  it.each(everywhere)('in a %s by %s', (kind, list, around) => {
    expect(deniedBy({ kind, after: around(badPod(list)) })).toEqual(expect.arrayContaining([...FOUND]));
    expect(deniedBy({ kind, after: around(badPod(list)), policy: { deny: [], podSecurity: 'baseline' } })).toEqual([
      'pod-security',
    ]);
    const registries = { deny: [], images: { registries: ['docker.io/library/a'] } };
    expect(deniedBy({ kind, after: around(badPod(list)), policy: registries })).toEqual(['image-registry']);
  });

  it('by asking for little and letting a webhook add the rest: the dry run’s result is what is judged', () => {
    const operation = { type: 'label', labels: { a: 'b' } } as const;
    const live = workload();
    expect(deniedBy({ operation, live, after: live })).toEqual([]);
    expect(deniedBy({ operation, live, after: workload(badPod('initContainers')) })).toEqual(
      expect.arrayContaining(['privileged', 'host-path', 'container-added', 'service-account']),
    );
  });

  it('by moving what was allowed in one place to another', () => {
    const secret = (name: string): Json =>
      workload({ containers: [{ name, image: 'a:1', ports: [{ hostPort: 80 }] }] });
    expect(deniedBy({ live: secret('a'), after: secret('a') })).toEqual([]);
    expect(deniedBy({ live: secret('a'), after: secret('b') })).toContain('host-port');
  });

  it('by a status or metadata that only look like a pod', () => {
    const after = { kind: 'Deployment', metadata: { containers: [bad] }, spec: {}, status: { containers: [bad] } };
    expect(deniedBy({ after })).toEqual([]);
  });

  it('by nesting without end', () => {
    let after: Json = { containers: [bad] };
    for (let depth = 0; depth < 5_000; depth += 1) after = { spec: after };
    expect(() => deniedBy({ kind: 'Deep', after })).not.toThrow();
  });
});

describe('image registries', () => {
  const policy = { deny: [], images: { registries: ['ghcr.io/acme', 'docker.io/library', 'registry:5000'] } };
  const from = (image: string, live: Json = null) =>
    deniedBy({ live, after: workload({ containers: [{ name: 'c', image }] }), policy });
  it.each([
    'ghcr.io/acme/web:1',
    'ghcr.io/acme/a/b:1',
    'nginx:1',
    'docker.io/nginx:1',
    'index.docker.io/library/nginx:1',
    'registry:5000/x:1',
    'GHCR.io/acme/web:1',
  ])('let %s in', (image) => {
    expect(from(image)).toEqual([]);
  });
  it.each([
    'ghcr.io/acme-evil/web:1',
    'ghcr.io/other/web:1',
    'evil/nginx:1',
    'ghcr.io.evil.com/acme/web:1',
    'registry:5001/x:1',
    'docker.io/evil/library:1',
    'localhost/library/nginx:1',
    'quay.io/ghcr.io/acme:1',
    'ghcr.io/acme/../evil:1',
    '',
  ])('keep %s out', (image) => {
    expect(from(image)).toEqual(['image-registry']);
  });
  it('warn of an image that the plan leaves alone', () => {
    const live = workload({ containers: [{ name: 'c', image: 'evil/nginx:1' }] });
    expect(from('evil/nginx:1', live)).toEqual([]);
    expect(from('evil/nginx:2', live)).toEqual(['image-registry']);
  });

  it('ask for a digest where the policy does, of what the plan sets', () => {
    const digests = { deny: [], images: { digestRequired: true } };
    const after = (image: string): Json => workload({ containers: [{ name: 'c', image }] });
    expect(deniedBy({ after: after('a:1'), policy: digests })).toEqual(['image-digest']);
    expect(deniedBy({ after: after(`a:1@sha256:${'a'.repeat(64)}`), policy: digests })).toEqual([]);
    expect(deniedBy({ live: after('a:1'), after: after('a:1'), policy: digests })).toEqual([]);
    const operation = { type: 'set-image', container: 'c', image: 'a:1' } as const;
    expect(deniedBy({ operation, policy: digests })).toEqual(['image-digest']);
  });
});

describe('kinds', () => {
  const kinds = (allow: string[] | undefined, deny: string[]) => ({ deny: [], kinds: { allow, deny } });
  it.each([
    ['apps/v1', 'Deployment', kinds(['deployments.apps'], []), []],
    ['apps/v1', 'Deployment', kinds(['*'], ['deployments.apps']), ['kind-not-allowed']],
    ['apps/v1', 'StatefulSet', kinds(['deployments.apps'], []), ['kind-not-allowed']],
    ['example.com/v1', 'Deployment', kinds(['deployments.apps'], []), ['kind-not-allowed']],
    ['v1', 'ConfigMap', kinds(['configmaps'], []), []],
    [
      'networking.k8s.io/v1',
      'NetworkPolicy',
      kinds(undefined, ['networkpolicies.networking.k8s.io']),
      ['kind-not-allowed'],
    ],
    ['networking.k8s.io/v1', 'Ingress', kinds(undefined, ['ingresses.networking.k8s.io']), ['kind-not-allowed']],
    // A custom resource whose plural is no English one is meant by its kind in small letters.
    ['acme.io/v1', 'Mouse', kinds(undefined, ['mouse.acme.io']), ['kind-not-allowed']],
    ['acme.io/v1', 'Mouse', kinds([], []), ['kind-not-allowed']],
  ] as const)('%s %s under %j', (apiVersion, kind, policy, codes) => {
    expect(deniedBy({ apiVersion, kind, after: { kind }, policy: policy as object })).toEqual(codes);
  });
});
