import type { DenyRule, Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import {
  apply,
  deniedBy,
  type Members,
  type RuleCase,
  raisedBy,
  remove,
  withContainer,
  workload,
} from '../testing/rule-cases.ts';

const service = (spec: Members): Json => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec });
const configMap = (data: Members): Json => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data });
const metadata = (members: Members): Json => ({ kind: 'Deployment', metadata: { name: 'web', ...members }, spec: {} });
const kind = (apiVersion: string, name: string): RuleCase => ({ apiVersion, kind: name, after: { kind: name } });
const volume = (source: Members): Members => ({ volumes: [{ name: 'v', ...source }] });
const image = (name: string): Json => withContainer({ image: name });
const patch = (patchType: 'json' | 'merge' | 'strategic', body: Json): RuleCase => ({
  operation: { type: 'patch', patchType, patch: body },
  live: workload(),
  after: workload(),
});
const statefulSet = (policy: Members): Json => ({
  kind: 'StatefulSet',
  spec: { persistentVolumeClaimRetentionPolicy: policy },
});

/** Each row: what the rule denies, and the nearest form that it lets pass. */
const CASES: readonly (readonly [code: DenyRule, denied: RuleCase, passes: RuleCase])[] = [
  ['replicas-out-of-bounds', { after: workload({}, { maxReplicas: 6 }) }, { after: workload({}, { maxReplicas: 5 }) }],
  ['replicas-out-of-bounds', { after: workload({}, { minReplicas: 9 }) }, { after: workload({}, { minReplicas: 0 }) }],
  ['protected-namespace', { namespace: 'kube-system' }, { namespace: 'kube-system-2' }],
  ['protected-namespace', { namespace: 'countersign-system' }, { namespace: 'shop' }],
  [
    'protected-namespace',
    { policy: { protectedNamespaces: ['shop'] } },
    { policy: { protectedNamespaces: ['shops'] } },
  ],
  ['protected-metadata', { after: metadata({ finalizers: ['a/b'] }) }, { after: metadata({ finalizers: [] }) }],
  [
    'protected-metadata',
    { live: metadata({ finalizers: ['a/b'] }), after: metadata({}) },
    { live: metadata({ finalizers: ['a/b'] }), after: metadata({ finalizers: ['a/b'] }) },
  ],
  [
    'protected-metadata',
    { live: metadata({}), after: metadata({ ownerReferences: [{ uid: 'u' }] }) },
    { live: metadata({ ownerReferences: [{ uid: 'u' }] }), after: metadata({ ownerReferences: [{ uid: 'u' }] }) },
  ],
  [
    'protected-metadata',
    { after: metadata({ finalizers: ['kubernetes.io/pvc-protection', 'x/y'] }) },
    { after: metadata({ finalizers: ['kubernetes.io/pvc-protection'] }) },
  ],
  [
    'protected-metadata',
    { operation: apply({ metadata: { managedFields: [] } }), after: metadata({}) },
    { operation: apply({ metadata: { labels: {} } }), after: metadata({}) },
  ],
  [
    'protected-metadata',
    { operation: { type: 'annotate', annotations: { 'countersign.dev/plan': 'x' } }, after: metadata({}) },
    { operation: { type: 'annotate', annotations: { 'example.dev/countersign.dev': 'x' } }, after: metadata({}) },
  ],
  [
    'protected-metadata',
    { operation: { type: 'label', labels: { 'countersign.dev/applied': null } }, after: metadata({}) },
    { operation: { type: 'label', labels: { app: null } }, after: metadata({}) },
  ],
  ['secret-kind', kind('v1', 'Secret'), kind('v1', 'ConfigMap')],
  ['secret-kind', kind('bitnami.com/v1alpha1', 'SealedSecret'), kind('bitnami.com/v1alpha1', 'Sealed')],
  ['secret-kind', kind('external-secrets.io/v1', 'ClusterGenerator'), kind('generators.io/v1', 'ClusterGenerator')],
  [
    'secret-kind',
    kind('certificates.k8s.io/v1', 'CertificateSigningRequest'),
    kind('cert-manager.io/v1', 'Certificate'),
  ],
  ['escalation-kind', kind('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'), kind('apps/v1', 'Deployment')],
  ['escalation-kind', kind('rbac.authorization.k8s.io/v1', 'Role'), kind('v1', 'Service')],
  ['escalation-kind', kind('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'), kind('v1', 'Pod')],
  ['escalation-kind', kind('apiextensions.k8s.io/v1', 'CustomResourceDefinition'), kind('example.com/v1', 'Node')],
  ['escalation-kind', kind('v1', 'Node'), kind('batch/v1', 'Job')],
  ['escalation-kind', kind('v1', 'ServiceAccount'), kind('networking.k8s.io/v1', 'Ingress')],
  ['escalation-kind', kind('apiregistration.k8s.io/v1', 'APIService'), kind('policy/v1', 'PodDisruptionBudget')],
  [
    'data-deleted',
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', operation: remove, live: {} },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      operation: { type: 'label', labels: { a: 'b' } },
      live: {},
      after: {},
    },
  ],
  [
    'data-deleted',
    { apiVersion: 'v1', kind: 'Namespace', operation: remove, live: {} },
    { apiVersion: 'v1', kind: 'ConfigMap', operation: remove, live: {} },
  ],
  [
    'data-deleted',
    { kind: 'StatefulSet', operation: remove, live: statefulSet({ whenDeleted: 'Delete' }) },
    { kind: 'StatefulSet', operation: remove, live: statefulSet({ whenDeleted: 'Retain', whenScaled: 'Delete' }) },
  ],
  [
    'data-deleted',
    { kind: 'StatefulSet', live: statefulSet({}), after: statefulSet({ whenScaled: 'Delete' }) },
    { kind: 'StatefulSet', live: statefulSet({ whenScaled: 'Delete' }), after: statefulSet({ whenScaled: 'Delete' }) },
  ],
  [
    'host-port',
    { after: withContainer({ ports: [{ containerPort: 80, hostPort: 80 }] }) },
    { after: withContainer({ ports: [{ containerPort: 80, hostPort: 0 }] }) },
  ],
  [
    'ephemeral-container',
    { live: workload(), after: workload({ ephemeralContainers: [{ name: 'debug', image: 'a:1' }] }) },
    { live: workload(), after: workload({ ephemeralContainers: [] }) },
  ],
  ...(['LoadBalancer', 'NodePort', 'ExternalName'] as const).map((type): readonly [DenyRule, RuleCase, RuleCase] => [
    'service-exposed',
    { apiVersion: 'v1', kind: 'Service', live: service({ type: 'ClusterIP' }), after: service({ type }) },
    { apiVersion: 'v1', kind: 'Service', live: service({ type }), after: service({ type, ports: [] }) },
  ]),
  [
    'service-exposed',
    { apiVersion: 'v1', kind: 'Service', after: service({ externalIPs: ['10.0.0.1'] }) },
    { apiVersion: 'v1', kind: 'Service', after: service({ externalIPs: [] }) },
  ],
  [
    'service-exposed',
    {
      apiVersion: 'v1',
      kind: 'Service',
      live: service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] }),
      after: service({ type: 'LoadBalancer' }),
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      live: service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/8'] }),
      after: service({ type: 'ClusterIP' }),
    },
  ],
  [
    'service-account',
    { live: workload(), after: workload({ serviceAccountName: 'admin' }) },
    { live: workload({ serviceAccountName: 'admin' }), after: workload({ serviceAccountName: 'admin' }) },
  ],
  [
    'service-account',
    { after: workload({ serviceAccount: 'admin' }) },
    { after: workload({ serviceAccount: 'default' }) },
  ],
  [
    'token-mount',
    { after: workload({ automountServiceAccountToken: true }) },
    { after: workload({ automountServiceAccountToken: false }) },
  ],
  [
    'token-mount',
    { live: workload({ automountServiceAccountToken: false }), after: workload() },
    { live: workload(), after: workload() },
  ],
  [
    'token-mount',
    { after: workload(volume({ projected: { sources: [{ serviceAccountToken: { path: 't' } }] } })) },
    { after: workload(volume({ projected: { sources: [{ configMap: { name: 'c' } }] } })) },
  ],
  [
    'secret-mount',
    { after: workload(volume({ secret: { secretName: 's' } })) },
    { after: workload(volume({ configMap: { name: 's' } })) },
  ],
  [
    'secret-mount',
    { after: workload(volume({ projected: { sources: [{ secret: { name: 's' } }] } })) },
    { after: workload(volume({ projected: { sources: [{ downwardAPI: {} }] } })) },
  ],
  [
    'secret-mount',
    { after: workload(volume({ csi: { driver: 'd', nodePublishSecretRef: { name: 's' } } })) },
    { after: workload(volume({ csi: { driver: 'd' } })) },
  ],
  [
    'secret-mount',
    { after: workload({ imagePullSecrets: [{ name: 's' }] }) },
    { after: workload({ imagePullSecrets: [] }) },
  ],
  [
    'secret-mount',
    { after: withContainer({ envFrom: [{ secretRef: { name: 's' } }] }) },
    { after: withContainer({ envFrom: [{ configMapRef: { name: 's' } }] }) },
  ],
  [
    'secret-mount',
    { after: withContainer({ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }) },
    { after: withContainer({ env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 's', key: 'k' } } }] }) },
  ],
  [
    'secret-like-key',
    { apiVersion: 'v1', kind: 'ConfigMap', after: configMap({ 'db-password': 'x' }) },
    { apiVersion: 'v1', kind: 'ConfigMap', after: configMap({ 'db-host': 'x' }) },
  ],
  [
    'sub-path',
    { after: withContainer({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: 'x' }] }) },
    { after: withContainer({ volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '' }] }) },
  ],
  [
    'sub-path',
    { after: withContainer({ volumeMounts: [{ name: 'v', mountPath: '/a', subPathExpr: '$(X)' }] }) },
    { after: withContainer({ volumeMounts: [{ name: 'v', mountPath: '/a' }] }) },
  ],
  [
    'container-added',
    { live: workload(), after: workload({ initContainers: [{ name: 'i', image: 'a:1' }] }) },
    { live: null, after: workload({ initContainers: [{ name: 'i', image: 'a:1' }] }) },
  ],
  ...['command', 'args', 'env', 'envFrom', 'lifecycle', 'workingDir', 'securityContext', 'volumeMounts'].map(
    (member): readonly [DenyRule, RuleCase, RuleCase] => [
      'program-changed',
      { live: withContainer({}), after: withContainer({ [member]: ['x'] }) },
      { live: withContainer({ [member]: ['x'] }), after: withContainer({ [member]: ['x'], image: 'a:2' }) },
    ],
  ),
  [
    'program-changed',
    { live: workload(), after: workload(volume({ emptyDir: {} })) },
    { live: workload(), after: workload() },
  ],
  [
    'program-changed',
    { live: workload(), after: workload({ nodeName: 'n' }) },
    { live: workload(), after: workload({ terminationGracePeriodSeconds: 3 }) },
  ],
  [
    'selector-changed',
    {
      apiVersion: 'v1',
      kind: 'Service',
      live: service({ selector: { app: 'a' } }),
      after: service({ selector: { app: 'b' } }),
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      live: service({ selector: { app: 'a' } }),
      after: service({ selector: { app: 'a' }, ports: [] }),
    },
  ],
  [
    'selector-changed',
    { live: workload(), after: workload({}, { template: { metadata: { labels: { app: 'x' } }, spec: {} } }) },
    { live: workload(), after: workload() },
  ],
  [
    'selector-changed',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      live: { metadata: { labels: { app: 'a' }, ownerReferences: [{ kind: 'ReplicaSet', controller: true }] } },
      after: { metadata: { labels: {}, ownerReferences: [{ kind: 'ReplicaSet', controller: true }] } },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      live: { metadata: { labels: { app: 'a' }, ownerReferences: [{ kind: 'ReplicaSet', controller: true }] } },
      after: {
        metadata: { labels: { app: 'a', b: 'c' }, ownerReferences: [{ kind: 'ReplicaSet', controller: true }] },
      },
    },
  ],
  [
    'image-downgrade',
    { live: image('a:1.10.0'), after: image('a:1.9.9') },
    { live: image('a:1.9.9'), after: image('a:1.10.0') },
  ],
  ['image-downgrade', { live: image('a:v2'), after: image('a:v1') }, { live: image('a:v2'), after: image('b:v1') }],
  [
    'image-downgrade',
    { live: image('a:2-alpine'), after: image('a:1-alpine') },
    { live: image('a:green'), after: image('a:1') },
  ],
  [
    'image-downgrade',
    { live: image('a:2'), after: image('a:1') },
    { live: image('a:2'), after: image('a:1'), operation: { type: 'rollback', revision: 1, template: {} } },
  ],
];

describe('the rules, each denied form beside its nearest allowed one:', () => {
  it.each(CASES)('%s: %j, not %j', (code, denied, passes) => {
    expect(deniedBy(denied)).toContain(code);
    expect(deniedBy(passes)).not.toContain(code);
  });

  it('a listed rule that the policy does not list raises the tier in its own words', () => {
    expect(raisedBy({ after: workload({ imagePullSecrets: [{ name: 's' }] }) })).toEqual([
      { tier: 'high', reason: 'the pods would read Secret "s"' },
    ]);
    const listed = {
      after: workload({ imagePullSecrets: [{ name: 's' }] }),
      policy: { deny: ['secret-mount' as const] },
    };
    expect(raisedBy(listed)).toEqual([]);
  });
});

describe('protected-metadata reads the request, too: in the result an edit of managedFields looks like the server’s own', () => {
  it.each([
    patch('json', [{ op: 'remove', path: '/metadata/managedFields' }]),
    patch('json', [{ op: 'replace', path: '/metadata/managedFields/0', value: {} }]),
    patch('json', [{ op: 'replace', path: '/metadata', value: {} }]),
    patch('json', [{ op: 'replace', path: '', value: {} }]),
    patch('json', [{ op: 'move', from: '/metadata/finalizers', path: '/metadata/labels/x' }]),
    patch('json', [{ op: 'add', path: '/metadata/annotations/countersign.dev~1plan', value: 'x' }]),
    patch('json', [{ op: 'add', path: '/metadata/annotations', value: { 'countersign.dev/plan': 'x' } }]),
    patch('json', [
      { op: 'add', path: '/meta~0data', value: 1 },
      { op: 'add', path: '/metadata/ownerReferences', value: [] },
    ]),
    patch('merge', { metadata: { managedFields: null } }),
    patch('merge', { metadata: null }),
    patch('merge', { metadata: { annotations: { 'countersign.dev/created': 'x' } } }),
    patch('strategic', { metadata: { $patch: 'replace', name: 'web' } }),
    patch('strategic', { $patch: 'replace', spec: {} }),
    patch('strategic', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }),
    patch('strategic', { metadata: { '$setElementOrder/ownerReferences': [] } }),
  ])('%j is denied', (of) => {
    expect(deniedBy(of)).toContain('protected-metadata');
  });

  it.each([
    patch('json', [{ op: 'test', path: '/metadata/managedFields/0/manager', value: 'x' }]),
    patch('json', [{ op: 'copy', from: '/metadata/finalizers', path: '/spec/x' }]),
    patch('json', [{ op: 'add', path: '/metadata/annotations/note', value: 'countersign.dev/plan' }]),
    patch('json', [{ op: 'add', path: '/spec/template/metadata/annotations/a', value: 'b' }]),
    patch('merge', { spec: { managedFields: 1 } }),
    patch('strategic', { metadata: { labels: { a: null } } }),
  ])('%j passes', (of) => {
    expect(deniedBy(of)).not.toContain('protected-metadata');
  });
});
