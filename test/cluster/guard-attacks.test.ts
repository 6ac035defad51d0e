/**
 * The writing identities try every way round the cluster's own guards. Two walls stand: RBAC, and, where somebody has widened that, the
 * admission policies. Each attack must be refused, and nothing may have changed; the API server's audit log is asked as well.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answered, callsTo, type Identity } from '../contracts/cluster/cluster-under-test.ts';
import {
  type Attack,
  connections,
  disguises,
  elsewhere,
  escalations,
  halfMarked,
  hooks,
  identities,
  impersonations,
  policies,
  subresources,
  unmarked,
  type Victims,
} from './attacks.ts';
import { auditOf } from './audit-log.ts';
import { eventually } from './eventually.ts';
import { LOOK_TIMEOUT_MILLISECONDS } from './limits.ts';

const { call, close } = callsTo<Identity>(inject('kubeconfig'));
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const configMaps = '/api/v1/namespaces/shop/configmaps';
const victim = 'victim';
let victims: Victims = { deployment: victim, pod: '', replicaSet: '', configMap: victim, configMapUid: '' };

beforeAll(async () => {
  const labels = { app: victim };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine', resources: { requests: { cpu: '10m' } } }] },
  };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  const made = [
    await call('user', {
      method: 'POST',
      path: deployments,
      body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: victim }, spec },
    }),
    await call('user', {
      method: 'POST',
      path: configMaps,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: victim }, data: { a: '1' } },
    }),
  ];
  expect(made.map(({ status }) => status)).toEqual([201, 201]);
  const pod = await eventually(LOOK_TIMEOUT_MILLISECONDS, async () => {
    const { body } = await call('user', {
      path: '/api/v1/namespaces/shop/pods',
      query: { labelSelector: `app=${victim}` },
    });
    return body.items.find(({ status }: Answered) => status.phase === 'Running');
  });
  victims = {
    ...victims,
    pod: pod.metadata.name,
    replicaSet: pod.metadata.ownerReferences[0].name,
    configMapUid: made[1]?.body.metadata.uid,
  };
  untouched = await surroundings();
});

afterAll(async () => {
  for (const path of [`${deployments}/${victim}`, `${configMaps}/${victim}`])
    await call('user', { method: 'DELETE', path });
  close();
});

/** What all the attacks aim at, without what moves by itself. */
async function surroundings(): Promise<Answered> {
  const names = async (path: string): Promise<string[]> =>
    (await call('user', { path })).body.items.map(({ metadata }: Answered) => metadata.name);
  const admission = '/apis/admissionregistration.k8s.io/v1';
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const whole = async (path: string): Promise<Answered> => {
    const { metadata, spec, data, rules } = (await call('user', { path })).body;
    return { uid: metadata.uid, labels: metadata.labels, annotations: metadata.annotations, spec, data, rules };
  };
  return {
    objects: await Promise.all(
      [
        `${deployments}/${victim}`,
        `${configMaps}/${victim}`,
        `/api/v1/namespaces/shop/pods/${victims.pod}`,
        '/api/v1/namespaces/shop',
        `${rbac}/clusterroles/countersign-proposer`,
        `${rbac}/clusterroles/countersign-executor`,
        ...['proposer-dry-run-only', 'executor-marked-writes'].flatMap((name) => [
          `${admission}/validatingadmissionpolicies/countersign-${name}`,
          `${admission}/validatingadmissionpolicybindings/countersign-${name}`,
        ]),
      ].map(whole),
    ),
    names: await Promise.all(
      [
        deployments,
        configMaps,
        '/api/v1/namespaces/shop/pods',
        '/api/v1/namespaces/shop/secrets',
        '/api/v1/namespaces/countersign-system/secrets',
        '/api/v1/namespaces/kube-system/configmaps',
        '/apis/batch/v1/namespaces/shop/jobs',
        '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
        `${rbac}/clusterroles`,
        `${rbac}/clusterrolebindings`,
        `${rbac}/rolebindings`,
        `${admission}/mutatingwebhookconfigurations`,
        `${admission}/validatingwebhookconfigurations`,
        '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
        '/apis/apiregistration.k8s.io/v1/apiservices',
      ].map(names),
    ),
  };
}

let attacks = 0;
/** What it was before all attacks. */
let untouched: Answered;
/** Refused with one of `codes`, by the audit log's account as well. Answers the refusal's message. */
async function refused(
  identity: Identity,
  { call: wanted }: Attack,
  codes: readonly number[] = [403],
): Promise<string> {
  const userAgent = `attack-${process.pid}-${attacks++}`;
  const request = wanted(victims);
  const answer = await call(identity, { ...request, headers: { ...request.headers, 'user-agent': userAgent } });
  expect(codes, JSON.stringify(answer.body)).toContain(answer.status);
  const recorded = auditOf(userAgent);
  if (recorded !== undefined) {
    // A connection is recorded when it begins and when it ends.
    expect(recorded.length).toBeGreaterThan(0);
    expect(new Set(recorded.map(({ responseStatus }) => responseStatus?.code))).toEqual(new Set([answer.status]));
  }
  return answer.body.message;
}
async function repelled(...attack: Parameters<typeof refused>): Promise<string> {
  const message = await refused(...attack);
  expect(await surroundings()).toEqual(untouched);
  return message;
}
const dryRun = ({ name, call: wanted }: Attack): Attack => ({
  name,
  call: (v) => {
    const request = wanted(v);
    return { ...request, query: { ...request.query, dryRun: 'All' } };
  },
});
const named = (list: readonly Attack[]): [string, Attack][] => list.map((one) => [one.name, one]);
const BY_RBAC = /User "system:serviceaccount:countersign-system:countersign-(proposer|executor)" cannot /;
const BY_POLICY = /ValidatingAdmissionPolicy 'countersign-(proposer-dry-run-only|executor-marked-writes)'/;

describe.each(['proposer', 'executor'] as const)('the %s, with the roles that we ship, is kept by RBAC', (identity) => {
  describe.each([
    ['from subresources', subresources],
    ['from connections', connections],
    ["from other identities' tokens", identities],
    ["from other identities' names", impersonations(identity)],
    ['from more rights', escalations(identity)],
    ['from the policies', policies],
    ['from what runs at each write', hooks],
    ['from kinds and places that no plan is about', elsewhere],
  ])('%s', (_what, list) => {
    it.each(named(list))('%s', async (_name, attack) => {
      expect(await refused(identity, attack)).toMatch(BY_RBAC);
      // As a dry run, too: a subresource, a token or a connection may ignore it.
      expect(await repelled(identity, dryRun(attack))).toMatch(BY_RBAC);
    });
  });
});

describe.each(['proposer', 'executor'] as const)(
  'the %s is kept by its policy from what its role allows',
  (identity) => {
    it.each(named(unmarked))('%s', async (_name, attack) => {
      expect(await repelled(identity, attack)).toMatch(BY_POLICY);
    });
  },
);

describe("the proposer's policy is fooled by nothing that looks like a dry run", () => {
  it.each(named(disguises))('%s', async (_name, attack) => {
    // 422: the API server itself does not take it.
    await repelled('proposer', attack, [403, 422]);
  });
});

describe("the executor's policy is content with nothing but all of it", () => {
  it.each(named(halfMarked))('%s', async (_name, attack) => {
    // 400: managedFields cannot be applied; 409: an apply without force, a delete of another uid.
    await repelled('executor', attack, [400, 403, 409]);
  });
});

describe.each(['proposer', 'executor'] as const)('the %s, were it made a cluster administrator', (identity) => {
  const bindings = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings';
  const binding = `${bindings}/mistake-${identity}`;
  const name = `countersign-${identity}`;
  beforeAll(async () => {
    const subjects = [{ kind: 'ServiceAccount', name, namespace: 'countersign-system' }];
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    const body = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: `mistake-${identity}` },
      roleRef,
      subjects,
    };
    expect((await call('user', { method: 'POST', path: bindings, body })).status).toBe(201);
    await eventually(LOOK_TIMEOUT_MILLISECONDS, async () => {
      const { status } = await call(identity, { path: '/api/v1/namespaces/shop/secrets' });
      return status === 200 ? true : undefined;
    });
    untouched = await surroundings();
  });
  afterAll(async () => {
    await call('user', { method: 'DELETE', path: binding });
    await eventually(LOOK_TIMEOUT_MILLISECONDS, async () => {
      const { status } = await call(identity, { path: '/api/v1/namespaces/shop/secrets' });
      return status === 403 ? true : undefined;
    });
    untouched = await surroundings();
  });

  const writes = (list: readonly Attack[]) => list.filter(({ name }) => name !== 'Secrets read');
  describe.each([
    ['from subresources', subresources],
    ['from connections', connections],
    ["from other identities' tokens", identities],
    ['from more rights', escalations(identity)],
    ['from what runs at each write', hooks],
    ['from kinds and places that no plan is about', writes(elsewhere)],
    ['from what no plan says', unmarked],
  ])('would be kept by its policy %s', (_what, list) => {
    it.each(named(list))('%s', async (_name, attack) => {
      expect(await repelled(identity, attack)).toMatch(BY_POLICY);
    });
  });
});
