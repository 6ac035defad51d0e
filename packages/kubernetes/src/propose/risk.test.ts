import type { Change, Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, scaleEntry, someDeployment, someDryRun, somePolicy, UID } from '../testing/objects.ts';
import { type Members, remove, serviceAround, workload } from '../testing/rule-cases.ts';
import { highestRisk, type RiskFacts, riskOf } from './risk.ts';
import { semanticDiff } from './semantic-diff.ts';
import { NOTHING_AROUND, type Surroundings } from './surroundings.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const restart: Operation = { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' };
const patch: Operation = { type: 'patch', patchType: 'merge', patch: {} };
const unclassified: Change = { label: 'x', path: '/x', kind: 'changed', from: 'a', to: 'b', meaning: 'unclassified' };
const rolled = (d: SomeDeployment): void => {
  d.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = '2026-11-20T10:00:00Z';
};

interface Case extends Partial<Omit<RiskFacts, 'step' | 'around'>> {
  readonly kind?: string;
  readonly operation: Operation;
  readonly around?: Partial<Surroundings>;
}
/** The changes are those of the objects, as a reviewer sees them, each of them asked for. */
function risk({ kind = 'Deployment', operation, around = {}, ...over }: Case) {
  const step = { target: { apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web', uid: UID }, operation };
  const [live, dryRun] = [over.live ?? null, over.dryRun ?? null];
  const changes = semanticDiff(live, dryRun, step).map(
    (change): Change => ({ ...change, meaning: change.meaning === 'unclassified' ? 'requested' : change.meaning }),
  );
  return riskOf({
    step,
    changes,
    rawCut: false,
    policy: somePolicy({ podSecurity: 'baseline' }),
    now: NOW,
    around: { ...NOTHING_AROUND, ...around },
    ...over,
    live,
    dryRun,
  });
}
const onDeployment = (operation: Operation, change: (d: SomeDeployment) => void, over: Partial<Case> = {}) =>
  risk({ operation, live: someDeployment(), dryRun: someDeployment(change), ...over });
const scaled = (replicas: number, over: Partial<Case> = {}) =>
  onDeployment(
    { type: 'scale', replicas },
    (d) => {
      d.spec.replicas = replicas;
    },
    over,
  );
const restarted = (over: Partial<Case> = {}) => onDeployment(restart, rolled, over);
const object = (kind: string, members: Members, metadata: Members = {}): Json => ({
  kind,
  metadata: { name: 'web', ...metadata },
  ...members,
});
const patched = (kind: string, live: Members, dryRun: Members, around: Partial<Surroundings> = {}) =>
  risk({ kind, operation: patch, live: object(kind, live), dryRun: object(kind, dryRun), around });
const labelled = (key: string, over: Partial<Case> = {}) =>
  onDeployment(
    { type: 'label', labels: { [key]: 'x' } },
    (d) => {
      d.metadata.labels = { app: 'web', [key]: 'x' };
    },
    over,
  );
const annotated = (kind: string, key: string) =>
  risk({
    kind,
    operation: { type: 'annotate', annotations: { [key]: 'x' } },
    live: object(kind, {}, { annotations: {} }),
    dryRun: object(kind, {}, { annotations: { [key]: 'x' } }),
  });
const inContainer = (more: Members) =>
  onDeployment(patch, (d) => {
    Object.assign(d.spec.template.spec.containers[0] ?? {}, more);
  });
const inPod = (more: Members) =>
  onDeployment(patch, (d) => {
    Object.assign(d.spec.template.spec, more);
  });
const deleted = (kind: string, live: Json, around: Partial<Surroundings> = {}) =>
  risk({ kind, operation: remove, live, around });
const owned = (kind: string, by: string, members: Members = {}): Json =>
  object(kind, members, { ownerReferences: [{ kind: by, controller: true }] });

describe('the tier of an operation', () => {
  it.each([
    ['a restart', () => restarted(), 'low'],
    ['a scale up', () => scaled(3), 'low'],
    ['a scale down', () => scaled(1), 'medium'],
    ['a scale to 0', () => scaled(0), 'high'],
    [
      'a patch to 0',
      () =>
        onDeployment(patch, (d) => {
          d.spec.replicas = 0;
        }),
      'high',
    ],
    [
      'a new image',
      () =>
        onDeployment({ type: 'set-image', container: 'web', image: 'nginx:1.28' }, (d) => {
          Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.28' });
        }),
      'medium',
    ],
    [
      'an older image',
      () =>
        onDeployment({ type: 'set-image', container: 'web', image: 'nginx:1.26' }, (d) => {
          Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.26' });
        }),
      'high',
    ],
    [
      'a rollback to another image',
      () =>
        onDeployment({ type: 'rollback', revision: 1, template: {} }, (d) => {
          Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.26' });
        }),
      'medium',
    ],
    [
      'a rollback to another command',
      () =>
        onDeployment({ type: 'rollback', revision: 1, template: {} }, (d) => {
          Object.assign(d.spec.template.spec.containers[0] ?? {}, { command: ['x'] });
        }),
      'high',
    ],
    ['a plain label', () => labelled('team'), 'low'],
    ['a label with a domain', () => labelled('mesh.example.com/inject'), 'medium'],
    [
      'a label that its own selector looks for',
      () =>
        labelled('app', {
          live: someDeployment((d) => {
            d.metadata.labels = {};
          }),
        }),
      'high',
    ],
    [
      'a label that a Service looks for',
      () => labelled('tier', { around: { services: [{ ...serviceAround('web', 1, 1), selectorKeys: ['tier'] }] } }),
      'high',
    ],
    ['a plain annotation', () => annotated('Deployment', 'note'), 'low'],
    ['an annotation with a domain', () => annotated('Deployment', 'sidecar.example.com/inject'), 'medium'],
    ['a change cause', () => annotated('Deployment', 'kubernetes.io/change-cause'), 'low'],
    [
      'an annotation that steers an Ingress',
      () => annotated('Ingress', 'nginx.ingress.kubernetes.io/server-snippet'),
      'high',
    ],
  ])('%s', (_what, of, tier) => {
    expect(of().tier).toBe(tier);
  });
});

describe('the tier of a changed field', () => {
  it.each([
    ['image', () => inContainer({ image: 'nginx:1.28' }), 'medium'],
    ['resources', () => inContainer({ resources: { limits: { cpu: '1' } } }), 'medium'],
    ['an HTTP probe', () => inContainer({ livenessProbe: { httpGet: { path: '/' } } }), 'medium'],
    ['an exec probe', () => inContainer({ livenessProbe: { exec: { command: ['x'] } } }), 'high'],
    ['command', () => inContainer({ command: ['x'] }), 'high'],
    ['args', () => inContainer({ args: ['x'] }), 'high'],
    ['environment', () => inContainer({ env: [{ name: 'A', value: 'b' }] }), 'high'],
    ['a security context', () => inContainer({ securityContext: { readOnlyRootFilesystem: true } }), 'high'],
    ['tolerations', () => inPod({ tolerations: [{ operator: 'Exists' }] }), 'medium'],
    ['a service account', () => inPod({ serviceAccountName: 'x' }), 'high'],
    ['volumes', () => inPod({ volumes: [] }), 'high'],
    ['a node name', () => inPod({ nodeName: 'n' }), 'high'],
    [
      'a new container',
      () =>
        inPod({
          initContainers: [
            { name: 'a', image: 'b:1' },
            { name: 'migrate', image: 'shop/migrate:9' },
          ],
        }),
      'high',
    ],
    [
      'pod labels',
      () =>
        onDeployment(patch, (d) => {
          d.spec.template.metadata.labels = { app: 'x' };
        }),
      'high',
    ],
    [
      'pod annotations',
      () =>
        onDeployment(patch, (d) => {
          d.spec.template.metadata.annotations = { a: 'b' };
        }),
      'medium',
    ],
    [
      'a rollout setting',
      () =>
        onDeployment(patch, (d) => {
          d.spec.minReadySeconds = 3;
        }),
      'medium',
    ],
    [
      'a field that no rule knows',
      () =>
        onDeployment(patch, (d) => {
          d.spec.novelty = 3;
        }),
      'medium',
    ],
    ['a CronJob’s program', () => patched('CronJob', cron({ command: ['a'] }), cron({ command: ['b'] })), 'high'],
    [
      'a CronJob’s schedule',
      () => patched('CronJob', { spec: { schedule: 'a' } }, { spec: { schedule: 'b' } }),
      'medium',
    ],
    ['Service ports', () => patched('Service', { spec: { ports: [] } }, { spec: { ports: [{ port: 1 }] } }), 'high'],
    [
      'a Service selector',
      () => patched('Service', { spec: { selector: { a: 'b' } } }, { spec: { selector: { a: 'c' } } }),
      'high',
    ],
    [
      'another field of a Service',
      () => patched('Service', { spec: {} }, { spec: { sessionAffinity: 'ClientIP' } }),
      'medium',
    ],
    ['an Ingress', () => patched('Ingress', { spec: {} }, { spec: { rules: [] } }), 'high'],
    ['a NetworkPolicy', () => patched('NetworkPolicy', { spec: {} }, { spec: { ingress: [] } }), 'high'],
    [
      'a budget',
      () => patched('PodDisruptionBudget', { spec: { minAvailable: 1 } }, { spec: { minAvailable: 0 } }),
      'medium',
    ],
    [
      'an autoscaler',
      () => patched('HorizontalPodAutoscaler', { spec: { maxReplicas: 1 } }, { spec: { maxReplicas: 2 } }),
      'medium',
    ],
    ['a ConfigMap that nothing reads', () => patched('ConfigMap', { data: {} }, { data: { a: 'b' } }), 'medium'],
    [
      'a ConfigMap that something reads',
      () => patched('ConfigMap', { data: {} }, { data: { a: 'b' } }, { readers: [{ kind: 'Deployment', name: 'x' }] }),
      'high',
    ],
    ['anything of an unknown kind', () => patched('Widget', { spec: { a: 1 } }, { spec: { a: 2 } }), 'high'],
    ['replaced labels', () => patched('ConfigMap', {}, { metadata: { name: 'web', labels: {} } }), 'medium'],
  ])('%s', (_what, of, tier) => {
    expect(of().tier).toBe(tier);
  });
  const cron = (container: Members): Members => ({
    spec: {
      jobTemplate: { spec: { template: { spec: { containers: [{ name: 'c', image: 'a:1', ...container }] } } } },
    },
  });
});

describe('the tier of a creation', () => {
  const created = (kind: string, around: Partial<Surroundings> = {}) =>
    risk({ kind, operation: { type: 'apply', manifest: {} }, dryRun: { ...(workload() as Members), kind }, around });
  it.each([
    ['Deployment', {}, 'medium'],
    ['Deployment', { services: [serviceAround('web', 1, 1)] }, 'high'],
    ['Ingress', {}, 'high'],
    ['NetworkPolicy', {}, 'high'],
    ['Widget', {}, 'high'],
  ])('of a %s with %j', (kind, around, tier) => {
    expect(created(kind, around).tier).toBe(tier);
  });
});

describe('the tier of a deletion', () => {
  const pods = [
    { name: 'web', ready: true },
    { name: 'b', ready: true },
  ];
  it.each([
    ['a pod with ready siblings', () => deleted('Pod', owned('Pod', 'ReplicaSet'), { pods }), 'low'],
    ['the last ready pod', () => deleted('Pod', owned('Pod', 'ReplicaSet'), { pods: pods.slice(0, 1) }), 'medium'],
    ['a pod without a controller', () => deleted('Pod', object('Pod', {}), { pods }), 'high'],
    [
      'a pod beyond a budget',
      () =>
        deleted('Pod', owned('Pod', 'ReplicaSet'), { pods, disruptionBudgets: [{ name: 'x', disruptionsAllowed: 0 }] }),
      'medium',
    ],
    [
      'an old ReplicaSet',
      () => deleted('ReplicaSet', owned('ReplicaSet', 'Deployment', { spec: { replicas: 0 } })),
      'medium',
    ],
    [
      'a ReplicaSet in use',
      () => deleted('ReplicaSet', owned('ReplicaSet', 'Deployment', { spec: { replicas: 2 } })),
      'high',
    ],
    ['a finished Job', () => deleted('Job', object('Job', { status: { completionTime: 'x' } })), 'medium'],
    ['a running Job', () => deleted('Job', object('Job', {})), 'high'],
    ['a Deployment', () => deleted('Deployment', someDeployment()), 'high'],
    ['a Service', () => deleted('Service', object('Service', {})), 'high'],
    ['a ConfigMap', () => deleted('ConfigMap', object('ConfigMap', {})), 'high'],
  ])('of %s', (_what, of, tier) => {
    expect(of().tier).toBe(tier);
  });
});

describe('what raises a restart from the low tier, and says why', () => {
  const managed = (metadata: Members) =>
    restarted({
      live: someDeployment((d) => {
        Object.assign(d.metadata, metadata);
      }),
    });
  const recreate = (d: SomeDeployment): void => {
    d.spec.strategy = { type: 'Recreate' };
  };
  it.each([
    ['a field that nobody asked for', () => restarted({ changes: [unclassified] }), 'medium'],
    ['a diff that is too long to show', () => restarted({ rawCut: true }), 'medium'],
    [
      'a strategy that stops all pods first',
      () =>
        restarted({
          live: someDeployment(recreate),
          dryRun: someDryRun((d) => {
            recreate(d);
            rolled(d);
          }),
        }),
      'medium',
    ],
    ['Argo CD', () => managed({ labels: { 'argocd.argoproj.io/instance': 'a' } }), 'medium'],
    ['Helm', () => managed({ annotations: { 'meta.helm.sh/release-name': 'a' } }), 'medium'],
    [
      'somebody else’s change minutes ago',
      () =>
        managed({ managedFields: [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-11-21T08:55:00Z' }] }),
      'medium',
    ],
    ['something that could not be looked at', () => restarted({ around: { unseen: ['services: refused'] } }), 'high'],
    ['a Service that loses the pods', () => restarted({ around: { leaves: ['web'] } }), 'high'],
    [
      'a policy rule',
      () =>
        restarted({
          policy: somePolicy({ rules: [{ name: 'a', effect: 'review', message: 'm', expression: 'true' }] }),
        }),
      'high',
    ],
  ])('%s', (_what, of, tier) => {
    const { tier: found, reasons } = of();
    expect(found).toBe(tier);
    expect(reasons).toHaveLength(1);
  });

  it.each([
    [
      'its own creation',
      {
        managedFields: [{ manager: 'kubectl-create', operation: 'Update', time: '2026-11-21T08:55:30Z' }],
        creationTimestamp: '2026-11-21T08:55:00Z',
      },
    ],
    [
      'a controller',
      { managedFields: [{ manager: 'kube-controller-manager', operation: 'Update', time: '2026-11-21T08:55:00Z' }] },
    ],
    [
      'an earlier plan',
      { managedFields: [{ manager: 'countersign', operation: 'Update', time: '2026-11-21T08:55:00Z' }] },
    ],
    [
      'a change an hour ago',
      { managedFields: [{ manager: 'kubectl-edit', operation: 'Update', time: '2026-11-21T08:00:00Z' }] },
    ],
  ])('but not %s', (_what, metadata) => {
    expect(managed(metadata).tier).toBe('low');
  });
});

describe('riskOf', () => {
  it('scaling what an autoscaler owns is high, by the object or by its surroundings', () => {
    const autoscalers = [{ name: 'web', min: 1, max: 9 }];
    expect(scaled(3, { around: { autoscalers } }).tier).toBe('high');
    expect(
      scaled(3, {
        live: someDeployment((d) => {
          d.metadata.managedFields.push(scaleEntry);
        }),
      }).tier,
    ).toBe('high');
    expect(restarted({ around: { autoscalers } }).tier).toBe('low');
  });

  it('weighs what goes at once against what a budget allows', () => {
    const budget = (disruptionsAllowed: number | null) => ({
      around: { disruptionBudgets: [{ name: 'web', disruptionsAllowed }] },
    });
    expect(restarted(budget(0)).tier).toBe('low');
    expect(scaled(1, budget(0)).reasons).toContain('takes 1 pods at once where PodDisruptionBudget web allows 0');
    expect(scaled(1, budget(1)).reasons).toEqual(['takes 1 of 2 pods away']);
  });

  it('a rule that allows makes known what no fixed rule knows, and lowers nothing else', () => {
    const policy = somePolicy({ rules: [{ name: 'a', effect: 'allow', message: 'm', expression: 'true' }] });
    expect(restarted({ changes: [unclassified], policy }).tier).toBe('low');
    expect(
      risk({
        kind: 'Widget',
        operation: patch,
        live: object('Widget', { spec: { a: 1 } }),
        dryRun: object('Widget', { spec: { a: 2 } }),
        policy,
      }).tier,
    ).toBe('low');
    expect(scaled(0, { policy }).tier).toBe('high');
    expect(restarted({ policy, around: { unseen: ['services: refused'] } }).tier).toBe('high');
  });

  it('gives the reasons of its tier alone', () => {
    expect(scaled(0, { changes: [unclassified] })).toEqual({ tier: 'high', reasons: ['stops the workload'] });
  });

  it('of several steps is the highest of them, and says which step asks for it', () => {
    const low = { tier: 'low', reasons: ['a'] } as const;
    expect(highestRisk([low])).toEqual(low);
    expect(highestRisk([low, { tier: 'high', reasons: ['b', 'c'] }, { tier: 'high', reasons: ['d'] }])).toEqual({
      tier: 'high',
      reasons: ['step 2: b', 'step 2: c', 'step 3: d'],
    });
  });
});
