import type { Json, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { type SomeDeployment, someDeployment, someDryRun, UID } from '../testing/objects.ts';
import { type Members, remove, serviceAround } from '../testing/rule-cases.ts';
import { blastRadius } from './blast-radius.ts';
import { NOTHING_AROUND, type Surroundings } from './surroundings.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const restart: Operation = { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' };
const rolled = (d: SomeDeployment): void => {
  d.spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt'] = '2026-11-20T10:00:00Z';
};
const replicas =
  (count: number) =>
  (d: SomeDeployment): void => {
    d.spec.replicas = count;
  };

interface Case {
  readonly kind?: string;
  readonly operation?: Operation;
  readonly live?: Json;
  readonly dryRun?: Json;
  readonly around?: Partial<Surroundings>;
}
const lines = ({
  kind = 'Deployment',
  operation = restart,
  live = someDeployment(),
  dryRun = someDryRun(rolled),
  around = {},
}: Case = {}) =>
  blastRadius({
    step: { target: { apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web', uid: UID }, operation },
    live,
    dryRun,
    around: { ...NOTHING_AROUND, ...around },
    now: NOW,
  }).map(({ severity, message }) => `${severity}: ${message}`);
const scale = (count: number, around: Partial<Surroundings> = {}) =>
  lines({ operation: { type: 'scale', replicas: count }, dryRun: someDryRun(replicas(count)), around });
const deleted = (of: Case) => lines({ operation: remove, dryRun: null, ...of });
const pods = (...names: string[]) => names.map((name) => ({ name, ready: true }));

describe('blastRadius', () => {
  it('says what is not there, too', () => {
    expect(lines()).toEqual([
      'info: Rolls all 2 pods (2 ready now)',
      'ok: No Service selects its pods',
      'ok: No HorizontalPodAutoscaler scales it',
      'ok: No PodDisruptionBudget covers its pods',
      'ok: Not managed by Argo CD, Flux or Helm',
      'info: Last changed by kubectl-create at 2026-11-20T10:00:00Z',
    ]);
  });

  it('says what it could not look at', () => {
    expect(lines({ around: { unseen: ['ingresses: the cluster refused to list them'] } })).toContain(
      'warn: Could not look: ingresses: the cluster refused to list them',
    );
  });

  it.each([
    [3, 'info: Adds 1 pods to 2'],
    [1, 'warn: Removes 1 of 2 pods'],
    [0, 'warn: Removes all 2 pods: the workload stops'],
  ])('tells what a scale to %i does to the pods', (count, line) => {
    expect(scale(count)[0]).toBe(line);
  });

  it('names the pods, as many as a sentence holds', () => {
    expect(lines({ around: { pods: pods('a', 'b', 'c', 'd', 'e', 'f', 'g') } })[0]).toBe(
      'info: Rolls all 2 pods (2 ready now): a, b, c, d, e and 2 more',
    );
  });

  it('by whatever operation: a patch that stops a workload is a stopped workload', () => {
    const operation: Operation = { type: 'patch', patchType: 'merge', patch: { spec: { replicas: 0 } } };
    expect(lines({ operation, dryRun: someDryRun(replicas(0)) })[0]).toBe(
      'warn: Removes all 2 pods: the workload stops',
    );
  });

  it('a label touches no pods', () => {
    const operation: Operation = { type: 'label', labels: { team: 'a' } };
    expect(lines({ operation, dryRun: someDeployment() })).not.toContainEqual(expect.stringMatching(/Rolls|Removes/));
  });

  it('counts endpoints now and afterwards, and names the Ingress in front', () => {
    const services = [serviceAround('web', 2, 3)];
    expect(lines({ around: { services } })).toContain(
      'info: Service web has 2 of 3 endpoints ready now; 2 expected afterwards',
    );
    expect(scale(1, { services, ingresses: [{ name: 'shop', service: 'web' }] })).toContain(
      'warn: Service web (behind Ingress shop) has 2 of 3 endpoints ready now; 1 expected afterwards',
    );
    expect(lines({ around: { services: [serviceAround('web', 0, 0)] } })).toContain(
      'warn: Service web has no ready endpoints now; 2 expected afterwards',
    );
  });

  it('tells of a Service that is left with nobody, and of one that others stand behind, too', () => {
    expect(scale(0, { services: [serviceAround('web', 2, 2)] })).toContain(
      'warn: Service web loses all 2 ready endpoints',
    );
    expect(deleted({ around: { services: [serviceAround('web', 2, 2)] } })).toContain(
      'warn: Service web loses all 2 ready endpoints',
    );
    expect(scale(0, { services: [serviceAround('web', 5, 5, 2)] })).toContain(
      'warn: Service web has 5 of 5 endpoints ready now; 0 expected afterwards',
    );
  });

  it('tells of a Service that loses or gains the pods by a label', () => {
    const found = lines({ around: { services: [serviceAround('web', 2, 2)], leaves: ['web'], joins: ['admin'] } });
    expect(found).toContain('warn: Service web loses its pods: it selects them by a label that goes');
    expect(found).toContain('warn: Service admin would begin to send requests to its pods');
  });

  it('weighs what goes at once against what a budget allows', () => {
    const budget = (disruptionsAllowed: number | null) => ({
      disruptionBudgets: [{ name: 'web', disruptionsAllowed }],
    });
    expect(lines({ around: budget(0) })).toContain(
      'warn: PodDisruptionBudget web allows 0 disruptions now; the plan takes none at once, and no such change asks the budget',
    );
    expect(deleted({ around: budget(1) })).toContain(
      'warn: PodDisruptionBudget web allows 1 disruptions now; the plan may take 2 pods at once, and no such change asks the budget',
    );
    expect(scale(1, budget(1))).toContainEqual(expect.stringMatching(/^info: PodDisruptionBudget/));
    expect(scale(1, budget(null))).toContainEqual(
      expect.stringMatching(/^warn: PodDisruptionBudget web allows an unknown/),
    );
  });

  it('warns of what may undo or hold up the change', () => {
    const paused = (d: SomeDeployment): void => {
      d.spec.paused = true;
    };
    expect(lines({ live: someDeployment(paused), dryRun: someDryRun(paused) })).toContain(
      'warn: The rollout is paused: nothing rolls until somebody resumes it',
    );
    const autoscalers = [{ name: 'web', min: 1, max: 9 }];
    expect(scale(3, { autoscalers })).toContain(
      'warn: HorizontalPodAutoscaler web (1 to 9) sets its replicas and may undo this',
    );
    expect(lines({ around: { autoscalers } })).toContain(
      'info: HorizontalPodAutoscaler web (1 to 9) sets its replicas; the plan leaves them alone',
    );
    const recreate = (d: SomeDeployment): void => {
      d.spec.strategy = { type: 'Recreate' };
    };
    expect(
      lines({
        live: someDeployment(recreate),
        dryRun: someDryRun((d) => {
          recreate(d);
          rolled(d);
        }),
      }),
    ).toContain('warn: The strategy is Recreate: all pods stop before new ones start');
  });

  const writes = (manager: string): Members => ({
    managedFields: [{ manager, operation: 'Apply', time: '2026-11-20T10:00:00Z' }],
  });
  it.each([
    [
      'Argo CD application shop',
      { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } },
    ],
    ['Argo CD application shop', { labels: { 'argocd.argoproj.io/instance': 'shop' } }],
    ['Argo CD application', writes('argocd-controller')],
    ['Flux kustomization apps', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }],
    ['Flux Helm release apps', { labels: { 'helm.toolkit.fluxcd.io/name': 'apps' } }],
    ['Flux kustomization', writes('kustomize-controller')],
  ])('says that %s reverts it', (who, metadata) => {
    const live = someDeployment((d) => {
      Object.assign(d.metadata, metadata);
    });
    expect(lines({ live })).toContain(
      `warn: ${who} will revert this, unless its source says the same: change it there`,
    );
    expect(deleted({ live })).toContain(
      `warn: ${who} will make it again, unless its source says the same: change it there`,
    );
  });

  it.each([
    ['Helm release web', { annotations: { 'meta.helm.sh/release-name': 'web' } }],
    ['Helm release', { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }],
    ['Helm release', writes('helm')],
  ])('says that %s may undo it', (who, metadata) => {
    const live = someDeployment((d) => {
      Object.assign(d.metadata, metadata);
    });
    expect(lines({ live })).toContain(
      `warn: ${who} may undo this with its next upgrade: change its chart or values, too`,
    );
  });

  it('tells what a delete takes along, and what it leaves without an owner', () => {
    const dependants = [
      { kind: 'ReplicaSet', name: 'web-1' },
      { kind: 'Pod', name: 'web-1-a' },
    ];
    expect(deleted({ around: { dependants } })).toEqual(
      expect.arrayContaining([
        'warn: Takes the Deployment away for good',
        'warn: 2 objects that it owns go with it (of kinds that Countersign may list): ReplicaSet web-1, Pod web-1-a',
        'warn: Removes all 2 pods: the workload stops',
      ]),
    );
    const orphan = deleted({ operation: { ...remove, propagation: 'Orphan' }, around: { dependants } });
    expect(orphan).toContainEqual(expect.stringContaining('2 objects that it owns stay without an owner'));
    expect(orphan).not.toContainEqual(expect.stringContaining('Removes'));
    expect(deleted({})).toContainEqual(expect.stringContaining('nothing of kinds that Countersign may list is owned'));
  });

  it('tells of a pod whether something starts another, and who is ready meanwhile', () => {
    const owned = (ownerReferences: Json[]): Json => ({ kind: 'Pod', metadata: { name: 'web-1-a', ownerReferences } });
    const of = { kind: 'Pod', around: { pods: [...pods('web-1-a', 'web-1-b'), { name: 'web-1-c', ready: false }] } };
    expect(deleted({ ...of, live: owned([{ kind: 'ReplicaSet', name: 'web-1', controller: true }]) })).toContain(
      'info: Stops the pod; ReplicaSet web-1 starts another. 1 of its 2 siblings are ready now',
    );
    expect(deleted({ ...of, live: owned([]) })).toContain(
      'warn: Stops the pod; it has no controller, so nothing starts it again',
    );
  });

  it('names who reads a ConfigMap', () => {
    const live = { kind: 'ConfigMap', metadata: { name: 'web' }, data: {} };
    const operation: Operation = { type: 'patch', patchType: 'merge', patch: { data: { a: 'b' } } };
    const of = { kind: 'ConfigMap', operation, live, dryRun: live };
    const readers = [{ kind: 'Deployment', name: 'api' }];
    expect(lines({ ...of, around: { readers } })).toContain(
      'warn: Read by Deployment api: mounted files change within minutes, environments with the next pod',
    );
    expect(lines(of)).toContain('ok: No workload of the namespace reads it');
    expect(deleted({ kind: 'ConfigMap', live, around: { readers } })).toContain(
      'warn: New pods of Deployment api cannot start without it',
    );
  });

  it('tells of a Service who calls it and which pods it will select', () => {
    const service = (selector: Members): Json => ({ kind: 'Service', metadata: { name: 'web' }, spec: { selector } });
    const around = { services: [serviceAround('web', 2, 2)], ingresses: [{ name: 'shop', service: 'web' }] };
    const operation: Operation = { type: 'patch', patchType: 'merge', patch: {} };
    const reselected = lines({
      kind: 'Service',
      operation,
      live: service({ a: 'b' }),
      dryRun: service({ a: 'c' }),
      around,
    });
    expect(reselected).toContain('warn: The Service selects other pods: 0 afterwards; 2 of 2 endpoints ready now');
    expect(reselected).toContain('warn: Ingress shop leads to this Service');
    expect(deleted({ kind: 'Service', live: service({ a: 'b' }), around })).toContain(
      'warn: Whoever calls web finds nobody any more; 2 of 2 endpoints ready now',
    );
  });

  it('tells of a new workload which Services would send requests to it', () => {
    const around = { services: [serviceAround('web', 2, 2)] };
    const found = lines({ operation: { type: 'apply', manifest: {} }, live: null, dryRun: someDeployment(), around });
    expect(found).toEqual([
      'info: Makes a new Deployment',
      'info: Adds 2 pods to 0',
      'warn: Service web would send requests to its pods',
      'ok: No HorizontalPodAutoscaler scales it',
    ]);
  });

  it('tells what happened in the last hour', () => {
    const live = someDeployment((d) => {
      d.metadata.managedFields = [
        { manager: 'kubectl-edit', operation: 'Update', time: '2026-11-21T08:30:00Z' },
        { manager: 'kubectl-create', operation: 'Update', time: '2026-11-20T10:00:00Z' },
      ];
    });
    expect(lines({ live, around: { rollouts: 2, warnings: 1 } })).toContain(
      'info: In the last hour: changed by kubectl-edit; 2 rollouts; 1 warning event',
    );
  });

  it('shows a name that somebody chose with hidden characters made visible', () => {
    const live = someDeployment((d) => {
      d.metadata.managedFields = [{ manager: 'kubectl\u202e', operation: 'Update', time: '2026-11-20T10:00:00Z' }];
    });
    expect(lines({ live }).at(-1)).toContain('kubectl\\u{202e}');
  });
});
