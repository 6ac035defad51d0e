/** Plain objects for the pure parts: a Deployment as an API server answers it, and a policy. */
import type { DenyRule, Json, Operation, Policy, Step } from '@countersign/approvals';

export const UID = '0c09beec-b994-4799-b655-00077874bece';
const IMAGE = 'nginx:1.27-alpine';

const managed = (manager: string, fieldsV1: Json, more: { readonly [key: string]: Json } = {}): Json => ({
  manager,
  operation: 'Update',
  apiVersion: 'apps/v1',
  time: '2026-11-20T10:00:00Z',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});

export const statusEntry = managed(
  'kube-controller-manager',
  { 'f:status': { 'f:replicas': {} } },
  { subresource: 'status' },
);
export const scaleEntry = managed(
  'kube-controller-manager',
  { 'f:spec': { 'f:replicas': {} } },
  { subresource: 'scale' },
);
export const createEntry = managed('kubectl-create', { 'f:spec': { 'f:strategy': {}, 'f:template': {} } });

/** The shapes that tests reach into; the rest is Json. */
export interface SomeDeployment {
  [key: string]: Json;
  metadata: { [key: string]: Json; annotations: { [key: string]: Json }; managedFields: Json[] };
  spec: {
    [key: string]: Json;
    replicas: number;
    template: {
      metadata: { [key: string]: Json; annotations: { [key: string]: Json } };
      spec: { [key: string]: Json; containers: { [key: string]: Json }[] };
    };
  };
  status: { [key: string]: Json };
}

/** A new one each time, so that a test may change it in place. */
export function someDeployment(change: (deployment: SomeDeployment) => void = () => {}): Json {
  const deployment: SomeDeployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: UID,
      resourceVersion: '130',
      generation: 7,
      creationTimestamp: '2026-11-01T08:00:00Z',
      labels: { app: 'web' },
      annotations: { 'deployment.kubernetes.io/revision': '2' },
      managedFields: [createEntry, statusEntry],
    },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: { app: 'web' }, annotations: {} },
        spec: {
          containers: [
            { name: 'web', image: IMAGE, env: [{ name: 'DB_PASSWORD', value: 'canary-1' }] },
            { name: 'proxy', image: 'envoyproxy/envoy:v1.31.2', resources: {} },
          ],
          initContainers: [{ name: 'migrate', image: 'shop/migrate:9' }],
          volumes: [{ name: 'scratch', emptyDir: {} }],
        },
      },
    },
    status: { observedGeneration: 7, replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 },
  };
  change(deployment);
  return deployment;
}

/** The dry run that a patch of `change` would have: our mark, generation + 1, our entry in managedFields. */
export const someDryRun = (change: (deployment: SomeDeployment) => void): Json =>
  someDeployment((deployment) => {
    deployment.metadata.generation = 8;
    deployment.metadata.annotations['countersign.dev/plan'] = `pln_${'a'.repeat(22)}/1/sha256:${'0'.repeat(64)}`;
    deployment.metadata.managedFields.push(managed('countersign', { 'f:metadata': {} }));
    change(deployment);
  });

/** What packages/local/policies/deployed.json denies. */
const DENIED_BY_DEFAULT: DenyRule[] = [
  'privileged',
  'host-namespace',
  'host-path',
  'added-capability',
  'image-tag',
  'namespace-not-allowed',
  'replicas-out-of-bounds',
  'container-unknown',
  'protected-namespace',
  'protected-metadata',
  'secret-kind',
  'escalation-kind',
  'data-deleted',
  'host-port',
  'ephemeral-container',
  'service-exposed',
  'service-account',
];
/** A step on someDeployment's object; without uid it makes it. */
export const stepOf = (operation: Operation, uid: string | null = UID): Step => ({
  target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid },
  operation,
});

export const somePolicy = (over: Partial<Policy> = {}): Policy =>
  ({
    format: 'countersign.policy/v1',
    name: 'test',
    version: 1,
    namespaces: ['shop'],
    replicas: { min: 0, max: 5 },
    deny: DENIED_BY_DEFAULT,
    verifySeconds: 120,
    ...over,
  }) as Policy;
