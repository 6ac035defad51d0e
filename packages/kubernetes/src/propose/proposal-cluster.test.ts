import {
  canonicalize,
  commit,
  digestsOfEvidence,
  type PreparedChange,
  rawEvidenceSchema,
  reviewSchema,
  shownEvidenceSchema,
  Unavailable,
} from '@countersign/approvals';
import type { KubeObject } from '@countersign/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../connection/connect-cluster.ts';
import { objectRules } from '../objects/object-rules.ts';
import { somePolicy } from '../testing/objects.ts';
import { base64, closedPort, someKubeconfig } from '../testing/scripted-server.ts';
import {
  guardManifests,
  newPlanId,
  proposal,
  random,
  startCluster,
  type TestCluster,
} from '../testing/start-cluster.ts';
import { proposalCluster } from './proposal-cluster.ts';

const DEPLOYMENTS = 'deployments.apps';
const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';
const CANARY = 'canary-s3cr3t-sandbox';

let cluster: TestCluster;
let propose: ReturnType<typeof proposalCluster>;
const restores: (() => void)[] = [];
beforeAll(async () => {
  cluster = await startCluster();
  propose = proposalCluster(cluster.connect('proposer'));
});
afterEach(() => {
  for (const restore of restores.splice(0).reverse()) restore();
});
afterAll(() => cluster.stop());

/** Changes an object behind everybody's back, and puts it back after the test. */
function change(resource: string, namespace: string | undefined, name: string, by: (object: KubeObject) => void): void {
  const { store } = cluster.sandbox;
  const before = store.get(resource, namespace, name);
  if (before === undefined) throw new Error(`no ${name}`);
  const changed = structuredClone(before);
  by(changed);
  store.update(resource, changed);
  restores.push(() => {
    const now = store.get(resource, namespace, name);
    if (now !== undefined)
      store.update(resource, {
        ...structuredClone(before),
        metadata: { ...before.metadata, resourceVersion: now.metadata.resourceVersion },
      });
  });
}
function remove(resource: string, name: string): void {
  const { store } = cluster.sandbox;
  const before = store.delete(resource, undefined, name);
  restores.push(() => {
    store.create(resource, {
      ...before,
      metadata: { name, ...(before.metadata.labels === undefined ? {} : { labels: before.metadata.labels }) },
    });
  });
}
function podSpec(object: KubeObject): { [key: string]: unknown; containers: { [key: string]: unknown }[] } {
  return (object.spec as { template: { spec: { containers: { [key: string]: unknown }[] } } }).template.spec;
}

const setImage = { type: 'set-image', container: 'web', image: 'nginx:1.27-alpine' } as const;
async function prepared(input = proposal('web', setImage)): Promise<PreparedChange> {
  const result = await propose.prepare(input);
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}

describe('prepare', () => {
  it('gives a plan everything that it is made of, in the forms that are stored', async () => {
    const input = proposal('web', setImage);
    const { intent, evidence, raw, freshness, redactions, riskTier, riskReasons, ignoredPaths, guardHash } =
      await prepared(input);
    expect(shownEvidenceSchema.parse(evidence)).toEqual(evidence);
    expect(rawEvidenceSchema.parse(raw)).toEqual(raw);
    const part = reviewSchema.pick({
      freshness: true,
      redactions: true,
      riskTier: true,
      riskReasons: true,
      ignoredPaths: true,
      guardHash: true,
    });
    part.parse({ freshness, redactions, riskTier, riskReasons, ignoredPaths, guardHash });
    expect(intent.steps).toEqual([
      {
        target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: expect.any(String) },
        operation: setImage,
      },
    ]);
    expect(evidence.diff[0]?.changes[0]).toMatchObject({
      meaning: 'requested',
      label: 'containers[web].image',
      from: 'nginx:1.27-doesnotexist',
      to: 'nginx:1.27-alpine',
    });
    expect(evidence.findings.every(({ severity }) => severity === 'pass')).toBe(true);
    expect(evidence.blastRadius).toContainEqual(
      expect.objectContaining({
        severity: 'warn',
        code: 'service',
        message: expect.stringContaining('Service web has no ready endpoints now'),
      }),
    );
    expect(evidence.undo.steps?.[0]?.operation).toEqual({ ...setImage, image: 'nginx:1.27-doesnotexist' });
    expect(evidence.successCriteria).toEqual({
      withinSeconds: 120,
      all: [
        { type: 'rollout', step: 1, replicas: 2 },
        { type: 'endpoints', namespace: 'shop', service: 'web', readyMin: 2 },
      ],
    });
    expect(riskTier).toBe('medium');
    expect(digestsOfEvidence(evidence).live).toMatch(/^sha256:/);
  });

  it('stores nothing in the cluster', async () => {
    const before = cluster.sandbox.store.get(DEPLOYMENTS, 'shop', 'web');
    await prepared();
    expect(cluster.sandbox.store.get(DEPLOYMENTS, 'shop', 'web')).toBe(before);
  });

  it('commits to the very object that it read, so that the executor can tell whether it is still so', async () => {
    const { freshness, raw } = await prepared();
    const step = raw.steps[0];
    expect(freshness[0]?.commitment).toBe(
      commit(step?.freshnessSalt ?? '', objectRules.comparable(step?.live ?? null)),
    );
  });

  it('makes equal dry runs of an equal object, seconds apart', async () => {
    const planId = newPlanId();
    const first = await prepared(proposal('cart', { type: 'scale', replicas: 2 }, { planId }));
    cluster.advance(90);
    const second = await prepared(proposal('cart', { type: 'scale', replicas: 2 }, { planId }));
    const dryRun = (of: PreparedChange) => canonicalize(objectRules.comparable(of.raw.steps[0]?.dryRun ?? null));
    expect(dryRun(second)).toBe(dryRun(first));
  });

  it('shows no value of the environment anywhere but in the raw evidence', async () => {
    const { raw, ...rest } = await prepared(proposal('api', { type: 'restart' }));
    expect(JSON.stringify(raw)).toContain(CANARY);
    expect(JSON.stringify(rest)).not.toContain(CANARY);
    expect(rest.redactions.map(({ path }) => path)).toContain('/spec/template/spec/containers/0/env/1/value');
  });

  it.each([
    ['an unknown object', proposal('nobody', { type: 'restart' }), 'target.not_found'],
    ['an unknown container', proposal('web', { ...setImage, container: 'sidecar' }), 'target.container_unknown'],
    ['the image that it has', proposal('web', { ...setImage, image: 'nginx:1.27-doesnotexist' }), 'target.unchanged'],
    ['the replicas that it has', proposal('api', { type: 'scale', replicas: 2 }), 'target.unchanged'],
    ['an untagged image', proposal('web', { ...setImage, image: 'nginx' }), 'policy.denied'],
    [
      'a namespace that is not allowed',
      proposal('console', { type: 'restart' }, { request: { namespace: 'internal-admin' } }),
      'policy.denied',
    ],
    [
      'a namespace that is allowed but was not handed over',
      proposal(
        'ledger',
        { type: 'restart' },
        { request: { namespace: 'payments' }, policy: somePolicy({ namespaces: ['payments'] }) },
      ),
      'cluster.forbidden',
    ],
  ])('refuses %s', async (_what, input, code) => {
    expect(await propose.prepare(input)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('sends nothing for a request that is none', async () => {
    const nowhere = connectCluster({
      name: 'nowhere',
      kubeconfig: someKubeconfig(
        {
          server: `https://127.0.0.1:${await closedPort()}`,
          'certificate-authority-data': base64(cluster.sandbox.caCertificatePem),
        },
        { token: 't' },
      ),
      context: 'ctx',
      guardManifests,
    });
    const cut = proposalCluster(nowhere);
    expect(
      await cut.prepare(proposal('web', { type: 'restart' }, { request: { namespace: 'kube-system' } })),
    ).toMatchObject({ refusal: { code: 'policy.denied' } });
    expect(await cut.prepare(proposal('x', { type: 'restart' }, { request: { kind: 'Secret' } }))).toMatchObject({
      refusal: { code: 'target.kind_not_supported' },
    });
    await expect(cut.prepare(proposal('web', { type: 'restart' }))).rejects.toBeInstanceOf(Unavailable);
    nowhere.close();
  });

  it('denies a workload that would run with rights that the policy forbids, though the plan did not bring them', async () => {
    change(DEPLOYMENTS, 'shop', 'cache', (object) => {
      Object.assign(podSpec(object), { hostNetwork: true });
    });
    expect(await propose.prepare(proposal('cache', { type: 'restart' }))).toMatchObject({
      refusal: { code: 'policy.denied', findings: [expect.objectContaining({ code: 'host-namespace' })] },
    });
  });

  it('tells who else manages the object', async () => {
    change(DEPLOYMENTS, 'shop', 'cache', (object) => {
      object.metadata.annotations = {
        ...object.metadata.annotations,
        'argocd.argoproj.io/tracking-id': 'shop-app:apps/Deployment:shop/cache',
      };
    });
    const { evidence } = await prepared(proposal('cache', { type: 'restart' }));
    expect(evidence.blastRadius).toContainEqual(
      expect.objectContaining({
        severity: 'warn',
        code: 'managed-by',
        message: expect.stringContaining('Argo CD application shop-app will revert this'),
      }),
    );
  });

  it('rates scaling what an autoscaler owns as high', async () => {
    cluster.sandbox.store.create('horizontalpodautoscalers.autoscaling', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { namespace: 'shop', name: 'cart' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'cart' },
        minReplicas: 1,
        maxReplicas: 4,
      },
    });
    restores.push(() => {
      cluster.sandbox.store.delete('horizontalpodautoscalers.autoscaling', 'shop', 'cart');
    });
    expect(await prepared(proposal('cart', { type: 'scale', replicas: 2 }))).toMatchObject({ riskTier: 'high' });
  });

  describe('refuses to work', () => {
    const restart = () => propose.prepare(proposal('cart', { type: 'restart' }));
    const guard = 'countersign-proposer-dry-run-only';
    const missing = (name: string) => ({ ok: false, refusal: { code: 'guard.missing', policies: [name] } });

    it('where a guard policy is gone', async () => {
      remove(POLICIES, guard);
      expect(await restart()).toEqual(missing(guard));
    });
    it('where a binding is gone', async () => {
      remove(BINDINGS, 'countersign-executor-marked-writes');
      expect(await restart()).toEqual(missing('countersign-executor-marked-writes'));
    });
    it.each([
      [
        'only audits',
        BINDINGS,
        (spec: Record<string, unknown>) => {
          spec.validationActions = ['Audit'];
        },
      ],
      [
        'binds to fewer namespaces',
        BINDINGS,
        (spec: Record<string, unknown>) => {
          spec.matchResources = { namespaceSelector: { matchLabels: { a: 'b' } } };
        },
      ],
      [
        'lets pass what it cannot judge',
        POLICIES,
        (spec: Record<string, unknown>) => {
          spec.failurePolicy = 'Ignore';
        },
      ],
      [
        'has a condition more',
        POLICIES,
        (spec: Record<string, unknown>) => {
          spec.matchConditions = [...(spec.matchConditions as unknown[]), { name: 'x', expression: 'false' }];
        },
      ],
      [
        'excludes a resource',
        POLICIES,
        (spec: Record<string, unknown>) => {
          Object.assign(spec.matchConstraints as object, {
            excludeResourceRules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
          });
        },
      ],
      [
        'asks for something else',
        POLICIES,
        (spec: Record<string, unknown>) => {
          spec.validations = [{ expression: 'true' }];
        },
      ],
    ])('where a guard %s', async (_what, resource, by) => {
      change(resource, undefined, guard, (object) => by(object.spec as Record<string, unknown>));
      expect(await restart()).toEqual(missing(guard));
    });
    it('on a connection that was told of no guards', () => {
      const blind = connectCluster({
        name: 'x',
        kubeconfig: cluster.sandbox.kubeconfig('proposer'),
        context: 'proposer',
      });
      expect(() => proposalCluster(blind)).toThrow('without guard manifests');
    });
  });

  it('takes a token of its own for each salt', async () => {
    const { raw } = await prepared(proposal('api', { type: 'restart' }));
    const salts = [raw.steps[0]?.freshnessSalt, ...Object.values(raw.steps[0]?.leafSalts ?? {})];
    expect(new Set(salts).size).toBe(salts.length);
    expect(random.token(16)).toHaveLength(22);
  });
});
