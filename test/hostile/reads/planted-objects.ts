/** One object of each kind, all with the same name, with a value that nobody may be shown in every place where people keep such values. */
import type { NewObject, Sandbox } from '@countersign/sandbox';

export const PLANTED = 'planted';
/** Like no secret that a pattern knows: only the place tells that it is one. */
export const CANARY = 'qzwxcanary';

const ANNOTATIONS = {
  'example.com/note': `${CANARY}-annotation`,
  'kubectl.kubernetes.io/last-applied-configuration': `{"data":"${CANARY}-last-applied"}`,
};
const LABELS = { app: PLANTED };
const container = {
  name: 'app',
  image: 'redis:7.4-alpine',
  env: [
    { name: 'PLAIN', value: `${CANARY}-env` },
    { name: 'FROM', valueFrom: { secretKeyRef: { name: PLANTED, key: 'a' } } },
  ],
  args: ['--db-password', `${CANARY}-argument`, `--token=${CANARY}-flag`],
  ports: [{ name: 'main', containerPort: 80 }],
};
const template = { metadata: { labels: LABELS, annotations: ANNOTATIONS }, spec: { containers: [container] } };
const selector = { matchLabels: LABELS };

const objects: readonly (readonly [key: string, object: Record<string, unknown>])[] = [
  [
    'secrets',
    {
      apiVersion: 'v1',
      kind: 'Secret',
      stringData: undefined,
      data: { a: Buffer.from(`${CANARY}-secret`).toString('base64') },
    },
  ],
  [
    'configmaps',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      data: { FREE: `${CANARY}-config`, 'settings.yaml': `key: ${CANARY}-yaml` },
      binaryData: { raw: Buffer.from(`${CANARY}-binary`).toString('base64') },
    },
  ],
  [
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      spec: { clusterIP: 'None', selector: LABELS, ports: [{ name: 'main', port: 80, targetPort: 'main' }] },
    },
  ],
  ['pods', { apiVersion: 'v1', kind: 'Pod', spec: template.spec }],
  ['deployments.apps', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 1, selector, template } }],
  ['replicasets.apps', { apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { replicas: 0, selector, template } }],
  [
    'statefulsets.apps',
    { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { replicas: 1, selector, template, serviceName: PLANTED } },
  ],
  ['daemonsets.apps', { apiVersion: 'apps/v1', kind: 'DaemonSet', spec: { selector, template } }],
  [
    'controllerrevisions.apps',
    { apiVersion: 'apps/v1', kind: 'ControllerRevision', revision: 1, data: { spec: { template } } },
  ],
  ['jobs.batch', { apiVersion: 'batch/v1', kind: 'Job', spec: { selector, template } }],
  [
    'cronjobs.batch',
    { apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } },
  ],
  [
    'ingresses.networking.k8s.io',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      spec: {
        rules: [
          {
            host: 'a.example',
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: PLANTED, port: { number: 80 } } } }],
            },
          },
        ],
      },
    },
  ],
  [
    'networkpolicies.networking.k8s.io',
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: selector } },
  ],
  [
    'horizontalpodautoscalers.autoscaling',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: PLANTED },
        minReplicas: 1,
        maxReplicas: 2,
        metrics: [],
      },
    },
  ],
  ['persistentvolumeclaims', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', spec: {} }],
  [
    'events',
    {
      apiVersion: 'v1',
      kind: 'Event',
      type: 'Warning',
      reason: 'Planted',
      message: `password=${CANARY}-event Authorization: Bearer ${CANARY}-event-bearer-0123456789`,
      involvedObject: { kind: 'Pod', name: PLANTED, namespace: 'shop' },
      lastTimestamp: '2099-01-01T00:00:00Z',
    },
  ],
];

/** Kinds by the names that a read may use. */
export const PLANTED_KINDS: readonly string[] = objects
  .map(([, { kind }]) => String(kind))
  .filter((kind) => kind !== 'Secret');

export function plant(sandbox: Sandbox): void {
  for (const [key, object] of objects) {
    const metadata = { namespace: 'shop', name: PLANTED, labels: LABELS, annotations: ANNOTATIONS };
    sandbox.store.create(key, { ...object, metadata } as unknown as NewObject);
  }
}

/** As many pods as no answer can hold. */
export function plantMany(sandbox: Sandbox, count: number): void {
  for (let at = 0; at < count; at += 1) {
    sandbox.store.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        namespace: 'shop',
        name: `many-${at}`,
        labels: { ...LABELS, wide: 'x'.repeat(60) },
        annotations: ANNOTATIONS,
      },
      spec: template.spec,
    } as unknown as NewObject);
  }
}
