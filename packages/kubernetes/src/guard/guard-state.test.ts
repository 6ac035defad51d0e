import type { KubeObject } from '@countersign/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { readGuards } from './guard-state.ts';

type Spec = Record<string, unknown>;
const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';
const NAMES = ['countersign-proposer-dry-run-only', 'countersign-executor-marked-writes'];

let cluster: TestCluster;
let restore: () => void = () => undefined;
beforeAll(async () => {
  cluster = await startCluster();
});
afterEach(() => {
  restore();
  restore = () => undefined;
});
afterAll(() => cluster.stop());

const read = () => readGuards(cluster.connect('reader'));
const fresh = ({ metadata: { name, labels }, ...rest }: KubeObject) => ({
  ...rest,
  metadata: { name, ...(labels === undefined ? {} : { labels }) },
});

function replace(resource: string, name: string, by: (object: KubeObject) => KubeObject | undefined): void {
  const { store } = cluster.sandbox;
  const before = store.delete(resource, undefined, name);
  const after = by(structuredClone(before));
  if (after !== undefined) store.create(resource, fresh(after));
  restore = () => {
    if (after !== undefined) store.delete(resource, undefined, after.metadata.name);
    store.create(resource, fresh(before));
  };
}
const withSpec =
  (by: (spec: Spec) => void) =>
  (object: KubeObject): KubeObject => {
    by(object.spec as Spec);
    return object;
  };

describe('the guard policies of a cluster', () => {
  it('that are the shipped ones lack nothing and differ in nothing', async () => {
    expect(await read()).toMatchObject({ missing: [], changed: [] });
  });

  it('may have neighbours: another policy, and a second binding that only warns', async () => {
    const { store } = cluster.sandbox;
    const made = store.create(BINDINGS, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'somebody-else' },
      spec: { policyName: NAMES[1], validationActions: ['Warn'] },
    });
    expect(await read()).toMatchObject({ missing: [], changed: [] });
    store.delete(BINDINGS, undefined, made.metadata.name);
  });

  describe.each(NAMES)('%s', (name) => {
    it.each([
      ['is gone', POLICIES, () => undefined],
      [
        'has another name',
        POLICIES,
        (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, name: 'x' } }),
      ],
      ['has lost its binding', BINDINGS, () => undefined],
      [
        'is bound under another name',
        BINDINGS,
        (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, name: 'x' } }),
      ],
      [
        'lets pass what it cannot judge',
        POLICIES,
        withSpec((spec) => Object.assign(spec, { failurePolicy: 'Ignore' })),
      ],
      ['only audits', BINDINGS, withSpec((spec) => Object.assign(spec, { validationActions: ['Audit'] }))],
      ['only warns', BINDINGS, withSpec((spec) => Object.assign(spec, { validationActions: ['Warn', 'Audit'] }))],
      [
        'has a condition that is never met',
        POLICIES,
        withSpec((spec) => Object.assign(spec, { matchConditions: [{ name: 'x', expression: 'false' }] })),
      ],
      ['has lost its condition', POLICIES, withSpec((spec) => Reflect.deleteProperty(spec, 'matchConditions'))],
      [
        'waits for a parameter',
        POLICIES,
        withSpec((spec) => Object.assign(spec, { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } })),
      ],
      [
        'is bound to a parameter that may be absent',
        BINDINGS,
        withSpec((spec) => Object.assign(spec, { paramRef: { name: 'x', parameterNotFoundAction: 'Allow' } })),
      ],
      [
        'leaves namespaces out',
        POLICIES,
        withSpec((spec) =>
          Object.assign(spec.matchConstraints as Spec, { namespaceSelector: { matchLabels: { guarded: 'yes' } } }),
        ),
      ],
      [
        'leaves objects out',
        POLICIES,
        withSpec((spec) =>
          Object.assign(spec.matchConstraints as Spec, { objectSelector: { matchLabels: { guarded: 'yes' } } }),
        ),
      ],
      [
        'leaves a resource out',
        POLICIES,
        withSpec((spec) =>
          Object.assign(spec.matchConstraints as Spec, {
            excludeResourceRules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
          }),
        ),
      ],
      [
        'covers fewer resources',
        POLICIES,
        withSpec((spec) =>
          Object.assign(spec.matchConstraints as Spec, {
            resourceRules: [
              { apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: '*' },
            ],
          }),
        ),
      ],
      [
        'covers no equivalent versions',
        POLICIES,
        withSpec((spec) => Object.assign(spec.matchConstraints as Spec, { matchPolicy: 'Exact' })),
      ],
      [
        'is bound to some namespaces',
        BINDINGS,
        withSpec((spec) => Object.assign(spec, { matchResources: { namespaceSelector: { matchLabels: { a: 'b' } } } })),
      ],
      [
        'is bound except for a resource',
        BINDINGS,
        withSpec((spec) =>
          Object.assign(spec, {
            matchResources: {
              excludeResourceRules: [{ apiGroups: ['apps'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
            },
          }),
        ),
      ],
      ['is not what its binding binds', BINDINGS, withSpec((spec) => Object.assign(spec, { policyName: 'x' }))],
    ] as const)('is missing where it %s', async (_how, resource, by) => {
      replace(resource, name, by);
      expect(await read()).toMatchObject({ missing: [name], changed: [name] });
    });

    it.each([
      ['asks for something else', (spec: Spec) => Object.assign(spec, { validations: [{ expression: 'true' }] })],
      ['asks for less', (spec: Spec) => (spec.validations as unknown[]).pop()],
      [
        'asks for something more',
        (spec: Spec) =>
          Object.assign(spec, { validations: [{ expression: 'true' }, ...(spec.validations as unknown[])] }),
      ],
      [
        'computes with another variable',
        (spec: Spec) =>
          Object.assign(spec, { variables: [{ name: 'newMarks', expression: "['countersign.dev/plan']" }] }),
      ],
    ])('is changed where it %s, and gives another hash', async (_how, by) => {
      const { hash } = await read();
      replace(POLICIES, name, withSpec(by));
      const now = await read();
      expect(now).toMatchObject({ missing: [], changed: [name] });
      expect(now.hash).not.toBe(hash);
    });
  });
});
