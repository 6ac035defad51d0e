/**
 * Whoever administers the cluster can weaken or remove the guard policies, and no policy can prevent that. Each way opens the door to the
 * proposer for real, and each is noticed by the check that Countersign makes before it proposes and before it executes.
 */
import { readFileSync } from 'node:fs';
import { connectCluster, executionCluster } from '@countersign/kubernetes';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Answered, callsTo } from '../contracts/cluster/cluster-under-test.ts';
import { eventually } from './eventually.ts';
import { guardsInForce } from './install.ts';
import { LOOK_TIMEOUT_MILLISECONDS } from './limits.ts';

const kubeconfig = inject('kubeconfig');
const guardManifests = readFileSync(new URL('../../infra/cluster/guard-policies.yaml', import.meta.url), 'utf8');
const name = 'countersign-proposer-dry-run-only';
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const { call, close } = callsTo(kubeconfig);
const connection = connectCluster({ name: 'real', kubeconfig, context: 'executor', guardManifests });
const { guards } = executionCluster(connection);

beforeAll(() => guardsInForce(kubeconfig));
afterAll(async () => {
  connection.close();
  close();
  await guardsInForce(kubeconfig);
});

const read = async (collection: string): Promise<Answered> =>
  (await call('user', { path: `${collection}/${name}` })).body;
const put = async (collection: string, spec: Answered): Promise<void> => {
  const { metadata, ...rest } = await read(collection);
  const body = { ...rest, metadata, spec };
  const { status, body: answer } = await call('user', { method: 'PUT', path: `${collection}/${name}`, body });
  expect(status, JSON.stringify(answer)).toBe(200);
};

/** A write of the proposer for real; undone where it passes. */
async function proposerWrites(): Promise<true | undefined> {
  const path = '/api/v1/namespaces/shop/configmaps';
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'through' } };
  const { status } = await call('proposer', { method: 'POST', path, body });
  if (status !== 201) return undefined;
  await call('user', { method: 'DELETE', path: `${path}/through` });
  return true;
}

describe('the guard check on a real API server', () => {
  it('finds everything as shipped: what the server stores and defaults is what the manifests say', async () => {
    expect(await guards()).toMatchObject({ missing: [], changed: [] });
  });

  it.each<[string, string, (spec: Answered) => Answered]>([
    ['only audits', BINDINGS, (spec) => ({ ...spec, validationActions: ['Audit'] })],
    ['only warns', BINDINGS, (spec) => ({ ...spec, validationActions: ['Warn', 'Audit'] })],
    [
      'binds other namespaces only',
      BINDINGS,
      (spec) => ({ ...spec, matchResources: { namespaceSelector: { matchLabels: { not: 'shop' } } } }),
    ],
    [
      'excludes a resource',
      POLICIES,
      (spec) => ({
        ...spec,
        matchConstraints: {
          ...spec.matchConstraints,
          excludeResourceRules: [{ apiGroups: [''], apiVersions: ['*'], operations: ['*'], resources: ['configmaps'] }],
        },
      }),
    ],
    [
      'looks at other objects only',
      POLICIES,
      (spec) => ({
        ...spec,
        matchConstraints: { ...spec.matchConstraints, objectSelector: { matchLabels: { not: 'ours' } } },
      }),
    ],
    [
      'has a condition more',
      POLICIES,
      (spec) => ({ ...spec, matchConditions: [...spec.matchConditions, { name: 'never', expression: 'false' }] }),
    ],
    [
      'cannot be evaluated and ignores it',
      POLICIES,
      (spec) => ({ ...spec, failurePolicy: 'Ignore', validations: [{ expression: "object.nothing.there == 'x'" }] }),
    ],
    ['allows whatever comes', POLICIES, (spec) => ({ ...spec, validations: [{ expression: 'true' }] })],
  ])('notices a guard that %s, through which the proposer could write', async (_what, collection, weaken) => {
    const { spec } = await read(collection);
    await put(collection, weaken(spec));
    await eventually(LOOK_TIMEOUT_MILLISECONDS, proposerWrites);
    expect((await guards()).changed).toEqual([name]);
    await put(collection, spec);
    expect((await guards()).changed).toEqual([]);
    await guardsInForce(kubeconfig);
  });

  it.each([
    ['policy', POLICIES],
    ['binding', BINDINGS],
  ])('notices a %s that is gone, and one of another make in its place', async (_what, collection) => {
    const { apiVersion, kind, spec } = await read(collection);
    const make = async (body: Answered) => {
      const again = { apiVersion, kind, metadata: { name }, spec: body };
      expect((await call('user', { method: 'POST', path: collection, body: again })).status).toBe(201);
    };
    await call('user', { method: 'DELETE', path: `${collection}/${name}` });
    await eventually(LOOK_TIMEOUT_MILLISECONDS, proposerWrites);
    expect(await guards()).toMatchObject({ missing: [name], changed: [name] });
    await make(
      collection === POLICIES
        ? { ...spec, validations: [{ expression: 'true' }] }
        : { ...spec, validationActions: ['Audit'] },
    );
    expect((await guards()).changed).toEqual([name]);
    await put(collection, spec);
    expect(await guards()).toMatchObject({ missing: [], changed: [] });
    await guardsInForce(kubeconfig);
  });
});
