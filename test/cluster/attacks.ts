/** Every way that we know to make a cluster change something under a writing identity, other than the one that Countersign uses. */
import type { Call } from '../contracts/cluster/cluster-under-test.ts';

export interface Victims {
  /** A Deployment with one running pod and what it is made of, and a ConfigMap, all in shop. */
  readonly deployment: string;
  readonly pod: string;
  readonly replicaSet: string;
  readonly configMap: string;
  readonly configMapUid: string;
}

export interface Attack {
  readonly name: string;
  readonly call: (victims: Victims) => Call;
}

const shop = '/api/v1/namespaces/shop';
const apps = '/apis/apps/v1/namespaces/shop';
const rbac = '/apis/rbac.authorization.k8s.io/v1';
const admission = '/apis/admissionregistration.k8s.io/v1';
const system = '/api/v1/namespaces/countersign-system';
const MERGE = 'application/merge-patch+json';

const post = (path: string, body: object): Call => ({ method: 'POST', path, body });
const patch = (path: string, body: object): Call => ({ method: 'PATCH', path, body, contentType: MERGE });
const remove = (path: string, query: Record<string, string> = {}): Call => ({ method: 'DELETE', path, query });
const attack = (name: string, call: Attack['call']): Attack => ({ name, call });
const meta = (name: string): { metadata: { name: string } } => ({ metadata: { name } });
const container = { name: 'debug', image: 'busybox:1.37' };
const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const clusterAdmin = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
const attacker = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'countersign-system' });
const webhook = {
  name: 'attack.example.com',
  clientConfig: { url: 'https://127.0.0.1:1/' },
  rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
};

/** Of a throw-away key: /CN=admin. */
const CERTIFICATE_REQUEST =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlISk1ISUNBUUF3RURFT01Bd0dBMVVFQXd3RllXUnRhVzR3V1RBVEJnY3Foa2' +
  'pPUFFJQkJnZ3Foa2pPUFFNQgpCd05DQUFSVjBqOXlpVkdUUjQyLy85NkhpSlBLRmZTYzNza3JyOGVuTUNXNFRFenp4bWxRYXpMMlQxR2Rqd3Z3' +
  'ClFPS3BwOTkydUFLU09qN3NuN3A0VE00RFBWdlJvQUF3Q2dZSUtvWkl6ajBFQXdJRFJ3QXdSQUlnYUJGeG1JN0cKQzh1NzFGUDFoREFQRVZzVX' +
  'FyWXhUaTFlY0pwOXpscTRkYjRDSUVlRTBJVC8vUzJyZ0U4WkhiTnBIUGxaUE5jRgpJUjRzZ1pDYUgwL1UyK1ZlCi0tLS0tRU5EIENFUlRJRklD' +
  'QVRFIFJFUVVFU1QtLS0tLQo=';

/** Subresources: other doors to the same objects. None can carry our mark. */
export const subresources: readonly Attack[] = [
  attack('scale by patch', (v) => patch(`${apps}/deployments/${v.deployment}/scale`, { spec: { replicas: 5 } })),
  attack('scale by put', (v) => ({
    method: 'PUT',
    path: `${apps}/deployments/${v.deployment}/scale`,
    body: {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: v.deployment, namespace: 'shop' },
      spec: { replicas: 5 },
    },
  })),
  attack('status', (v) =>
    patch(`${apps}/deployments/${v.deployment}/status`, {
      metadata: { annotations: { attacked: 'yes' } },
      status: { replicas: 9 },
    }),
  ),
  attack('eviction', (v) =>
    post(`${shop}/pods/${v.pod}/eviction`, {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name: v.pod, namespace: 'shop' },
    }),
  ),
  attack('ephemeral container', (v) =>
    patch(`${shop}/pods/${v.pod}/ephemeralcontainers`, { spec: { ephemeralContainers: [container] } }),
  ),
  attack('resize', (v) => ({
    method: 'PATCH',
    path: `${shop}/pods/${v.pod}/resize`,
    body: { spec: { containers: [{ name: 'web', resources: { requests: { cpu: '20m' } } }] } },
  })),
  attack('binding', (v) =>
    post(`${shop}/pods/${v.pod}/binding`, {
      apiVersion: 'v1',
      kind: 'Binding',
      ...meta(v.pod),
      target: { kind: 'Node', name: 'elsewhere' },
    }),
  ),
  attack('binding of the namespace', (v) =>
    post(`${shop}/bindings`, {
      apiVersion: 'v1',
      kind: 'Binding',
      ...meta(v.pod),
      target: { kind: 'Node', name: 'elsewhere' },
    }),
  ),
  attack('pod status', (v) => patch(`${shop}/pods/${v.pod}/status`, { status: { phase: 'Failed' } })),
];

/** CONNECT has no dry run: whoever may open it is in. */
export const connections: readonly Attack[] = [
  'exec?command=id&stdout=true',
  'attach?stdout=true',
  'portforward?ports=80',
  'proxy/',
  'proxy/x',
]
  .flatMap((way) => [
    attack(`${way} by GET`, (v) => ({ path: `${shop}/pods/${v.pod}/${way}` })),
    attack(`${way} by POST`, (v) => ({ method: 'POST', path: `${shop}/pods/${v.pod}/${way}` })),
  ])
  .concat([
    attack('proxy of a service', () => ({ path: `${shop}/services/x/proxy/` })),
    attack('proxy of a node', () => ({ path: '/api/v1/nodes/x/proxy/exec' })),
  ]);

/** Other identities' rights. */
export const identities: readonly Attack[] = [
  ...['countersign-executor', 'countersign-proposer', 'default'].map((name) =>
    attack(`token of ${name}`, () =>
      post(`${system}/serviceaccounts/${name}/token`, {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {},
      }),
    ),
  ),
  attack('token of the default account of shop', () =>
    post(`${shop}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    }),
  ),
  attack('a Secret of type service account token', () =>
    post(`${system}/secrets`, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/service-account-token',
      metadata: { name: 'stolen', annotations: { 'kubernetes.io/service-account.name': 'countersign-executor' } },
    }),
  ),
  attack('a certificate signing request', () =>
    post('/apis/certificates.k8s.io/v1/certificatesigningrequests', {
      apiVersion: 'certificates.k8s.io/v1',
      kind: 'CertificateSigningRequest',
      ...meta('attack'),
      spec: {
        request: CERTIFICATE_REQUEST,
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
      },
    }),
  ),
];

/** Under another's name admission would see that other: RBAC alone keeps this, and no role of ours has the verb. */
export const impersonations = (self: string): readonly Attack[] => [
  ...[
    { 'impersonate-user': 'admin' },
    { 'impersonate-user': 'admin', 'impersonate-group': 'system:masters' },
    {
      'impersonate-user': `system:serviceaccount:countersign-system:${self === 'proposer' ? 'countersign-executor' : 'countersign-reader'}`,
    },
    { 'impersonate-user': 'system:kube-controller-manager' },
  ].map((headers) =>
    attack(`impersonation as ${Object.values(headers).join(' of ')}`, (v) => ({
      ...patch(`${apps}/deployments/${v.deployment}`, { spec: { replicas: 5 } }),
      headers,
    })),
  ),
];

/** Rights of one's own. */
export const escalations = (self: string): readonly Attack[] => [
  attack('a ClusterRoleBinding to cluster-admin', () =>
    post(`${rbac}/clusterrolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      ...meta('attack'),
      roleRef: clusterAdmin,
      subjects: [attacker(`countersign-${self}`)],
    }),
  ),
  attack('a RoleBinding to cluster-admin', () =>
    post(`${rbac}/namespaces/shop/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      ...meta('attack'),
      roleRef: clusterAdmin,
      subjects: [attacker(`countersign-${self}`)],
    }),
  ),
  attack('more rules in its own role', () =>
    patch(`${rbac}/clusterroles/countersign-${self}`, { rules: [everything] }),
  ),
  attack('a new role', () =>
    post(`${rbac}/clusterroles`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      ...meta('attack'),
      rules: [everything],
    }),
  ),
  attack('its binding to another namespace', () =>
    post(`${rbac}/namespaces/kube-system/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      ...meta('attack'),
      roleRef: { ...clusterAdmin, name: `countersign-${self}` },
      subjects: [attacker(`countersign-${self}`)],
    }),
  ),
];

/** Policies, ours and others: RBAC alone keeps them, since no admission policy is asked about admission policies. Webhooks are not spared so. */
export const policies: readonly Attack[] = [
  ...['countersign-proposer-dry-run-only', 'countersign-executor-marked-writes'].flatMap((name) => [
    attack(`policy ${name} deleted`, () => remove(`${admission}/validatingadmissionpolicies/${name}`)),
    attack(`policy ${name} set to Ignore`, () =>
      patch(`${admission}/validatingadmissionpolicies/${name}`, { spec: { failurePolicy: 'Ignore' } }),
    ),
    attack(`binding ${name} deleted`, () => remove(`${admission}/validatingadmissionpolicybindings/${name}`)),
    attack(`binding ${name} set to Audit`, () =>
      patch(`${admission}/validatingadmissionpolicybindings/${name}`, { spec: { validationActions: ['Audit'] } }),
    ),
  ]),
  attack('a mutating policy', () =>
    post(`${admission}/mutatingadmissionpolicies`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      ...meta('attack'),
      spec: {
        reinvocationPolicy: 'Never',
        matchConstraints: {
          resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'] }],
        },
        mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
      },
    }),
  ),
];

/** What would run at each write, or serve in the API's place. */
export const hooks: readonly Attack[] = [
  attack('a mutating webhook', () =>
    post(`${admission}/mutatingwebhookconfigurations`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      ...meta('attack'),
      webhooks: [webhook],
    }),
  ),
  attack('a validating webhook', () =>
    post(`${admission}/validatingwebhookconfigurations`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      ...meta('attack'),
      webhooks: [webhook],
    }),
  ),
  attack('a custom resource', () =>
    post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      ...meta('things.attack.example.com'),
      spec: {
        group: 'attack.example.com',
        scope: 'Namespaced',
        names: { plural: 'things', singular: 'thing', kind: 'Thing' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    }),
  ),
  attack('an aggregated API', () =>
    post('/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      ...meta('v1.attack.example.com'),
      spec: {
        group: 'attack.example.com',
        version: 'v1',
        groupPriorityMinimum: 1000,
        versionPriority: 1,
        insecureSkipTLSVerify: true,
        service: { name: 'x', namespace: 'shop' },
      },
    }),
  ),
  attack('an aggregated API in the place of apps', () =>
    patch('/apis/apiregistration.k8s.io/v1/apiservices/v1.apps', {
      spec: { service: { name: 'x', namespace: 'shop' } },
    }),
  ),
];

/** What looks like a dry run and is none: for the proposer, whose dry runs pass. */
export const disguises: readonly Attack[] = [
  ...['', 'all', 'None', 'true', 'All,None'].map((dryRun) =>
    attack(`a write with dryRun=${dryRun}`, (v) => ({
      ...patch(`${apps}/deployments/${v.deployment}`, { spec: { replicas: 5 } }),
      query: { dryRun },
    })),
  ),
  attack('a write with DryRun=All', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, { spec: { replicas: 5 } }),
    query: { DryRun: 'All' },
  })),
  attack('a write with dryRun in its body', (v) =>
    patch(`${apps}/deployments/${v.deployment}`, { dryRun: ['All'], spec: { replicas: 5 } }),
  ),
  // The API server reads the options of a delete from its body where it has one, and never looks at the query then.
  attack('a delete with dryRun in the query and a body without', (v) => ({
    ...remove(`${apps}/deployments/${v.deployment}`, { dryRun: 'All' }),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
  })),
  attack('a delete', (v) => remove(`${shop}/configmaps/${v.configMap}`)),
  attack('a create', () => post(`${shop}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', ...meta('attack') })),
  attack('a server-side apply with force', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: { replicas: 5 },
    }),
    contentType: 'application/apply-patch+yaml',
    query: { fieldManager: 'countersign', force: 'true' },
  })),
];

const MARK = 'countersign.dev/plan';
const validMark = (step: number): object => ({
  annotations: { [MARK]: `pln_${'a'.repeat(22)}/${step}/sha256:${'ab'.repeat(32)}` },
});
const OURS = { fieldManager: 'countersign' };
const APPLY = 'application/apply-patch+yaml';

/** Writes of the executor that carry some of what its policy asks, and miss the rest. */
export const halfMarked: readonly Attack[] = [
  attack('a marked server-side apply that takes nothing from anybody', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: validMark(1),
      spec: { minReadySeconds: 5 },
    }),
    contentType: APPLY,
    query: OURS,
  })),
  ...[OURS, { ...OURS, force: 'true' }, { fieldManager: 'other', force: 'true' }].map((query) =>
    attack(`a marked server-side apply with ${JSON.stringify(query)}`, (v) => ({
      ...patch(`${apps}/deployments/${v.deployment}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: validMark(1),
        spec: { replicas: 5 },
      }),
      contentType: APPLY,
      query,
    })),
  ),
  attack('a marked create by server-side apply', () => ({
    ...patch(`${shop}/configmaps/attack`, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'attack', ...validMark(1) },
    }),
    contentType: APPLY,
    query: OURS,
  })),
  // Without its managedFields an object would not say that it was applied.
  attack('a marked server-side apply that would wipe managedFields', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...validMark(1), managedFields: [{}] },
      spec: { replicas: 5 },
    }),
    contentType: APPLY,
    query: { ...OURS, force: 'true' },
  })),
  attack('a mark on the pod template instead of the object', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, { spec: { replicas: 5, template: { metadata: validMark(1) } } }),
    query: OURS,
  })),
  attack('a mark as a label', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, { metadata: { labels: { [MARK]: 'pln' } }, spec: { replicas: 5 } }),
    query: OURS,
  })),
  attack('a mark with a line after it', (v) => ({
    ...patch(`${apps}/deployments/${v.deployment}`, {
      metadata: { annotations: { [MARK]: `pln_${'a'.repeat(22)}/1/sha256:${'ab'.repeat(32)}\nx` } },
      spec: { replicas: 5 },
    }),
    query: OURS,
  })),
  attack('a delete that names its uid, in the query, and no version', (v) =>
    remove(`${shop}/configmaps/${v.configMap}`, { uid: v.configMapUid }),
  ),
  attack('a delete that names its uid and an empty version', (v) => ({
    ...remove(`${shop}/configmaps/${v.configMap}`),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: v.configMapUid, resourceVersion: '' } },
  })),
  attack('a delete that names an empty uid', (v) => ({
    ...remove(`${shop}/configmaps/${v.configMap}`),
    body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid: '' } },
  })),
  attack('a marked pod', () => ({
    ...post(`${shop}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'attack', ...validMark(1) },
      spec: { containers: [container] },
    }),
    query: OURS,
  })),
];

/** Kinds and places that no plan is about. */
export const elsewhere: readonly Attack[] = [
  attack('a collection of Deployments', () => remove(`${apps}/deployments`)),
  attack('a collection of ConfigMaps', () => remove(`${shop}/configmaps`)),
  attack('a pod made', () =>
    post(`${shop}/pods`, { apiVersion: 'v1', kind: 'Pod', ...meta('attack'), spec: { containers: [container] } }),
  ),
  attack('a Secret made', () => post(`${shop}/secrets`, { apiVersion: 'v1', kind: 'Secret', ...meta('attack') })),
  attack('Secrets read', () => ({ path: `${shop}/secrets` })),
  attack('the namespace deleted', () => remove('/api/v1/namespaces/shop')),
  attack('a label of the namespace', () =>
    patch('/api/v1/namespaces/shop', { metadata: { labels: { attacked: 'yes' } } }),
  ),
  attack('a ConfigMap of kube-system', () =>
    post('/api/v1/namespaces/kube-system/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', ...meta('attack') }),
  ),
  attack('a ConfigMap of countersign-system', () =>
    post(`${system}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', ...meta('attack') }),
  ),
  attack('a node', () => patch('/api/v1/nodes/kubelet-double', { spec: { unschedulable: true } })),
  attack('an event that misleads', () =>
    post(`${shop}/events`, {
      apiVersion: 'v1',
      kind: 'Event',
      ...meta('attack'),
      involvedObject: { kind: 'Pod', name: 'x', namespace: 'shop' },
    }),
  ),
];

/** What the roles allow, since a plan may be about it, without anything that a policy asks for. */
export const unmarked: readonly Attack[] = [
  attack('a pod deleted', (v) => remove(`${shop}/pods/${v.pod}`)),
  attack('a ReplicaSet scaled', (v) => patch(`${apps}/replicasets/${v.replicaSet}`, { spec: { replicas: 0 } })),
  attack('a Job made', () =>
    post('/apis/batch/v1/namespaces/shop/jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      ...meta('attack'),
      spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } },
    }),
  ),
  attack('an autoscaler that scales in its stead', (v) =>
    post('/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      ...meta('attack'),
      spec: {
        minReplicas: 5,
        maxReplicas: 9,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: v.deployment },
      },
    }),
  ),
  attack('a Deployment scaled', (v) => patch(`${apps}/deployments/${v.deployment}`, { spec: { replicas: 5 } })),
  attack('a Deployment deleted', (v) => remove(`${apps}/deployments/${v.deployment}`)),
  attack('a ConfigMap made', () =>
    post(`${shop}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', ...meta('attack') }),
  ),
];
