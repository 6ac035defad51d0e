/** Objects that the cluster's user makes for one test each, and takes away after it. */
import { afterEach } from 'vitest';
import { eventually } from '../../cluster/eventually.ts';
import type { Answered } from '../cluster/cluster-under-test.ts';
import { type Adapter, CONTROLLERS_DONE_TIMEOUT_MILLISECONDS } from './adapter-under-test.ts';

const COLLECTIONS = {
  ConfigMap: '/api/v1/namespaces/shop/configmaps',
  Service: '/api/v1/namespaces/shop/services',
  Pod: '/api/v1/namespaces/shop/pods',
  Deployment: '/apis/apps/v1/namespaces/shop/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/shop/replicasets',
  StatefulSet: '/apis/apps/v1/namespaces/shop/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/shop/daemonsets',
  Job: '/apis/batch/v1/namespaces/shop/jobs',
  CronJob: '/apis/batch/v1/namespaces/shop/cronjobs',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/shop/poddisruptionbudgets',
} as const;
export type Kind = keyof typeof COLLECTIONS;

let names = 0;
export const newName = (): string => `adapter-${process.pid}-${names++}`;

const IMAGE = 'nginx:1.27-alpine';
const pod = (name: string) => ({
  metadata: { labels: { app: name } },
  // Within the restricted Pod Security Standard, which the deployed policy asks of everything new.
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'web',
        image: IMAGE,
        ports: [{ containerPort: 80 }],
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
});
const workload = (name: string) => ({ selector: { matchLabels: { app: name } }, template: pod(name) });

/** A plain object of each kind, as somebody would write it. */
const MANIFESTS: Readonly<Record<Exclude<Kind, 'Pod'>, (name: string) => Answered>> = {
  ConfigMap: () => ({ apiVersion: 'v1', data: { GREETING: 'hello' } }),
  Service: (name) => ({ apiVersion: 'v1', spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 80 }] } }),
  Deployment: (name) => ({ apiVersion: 'apps/v1', spec: { replicas: 2, ...workload(name) } }),
  ReplicaSet: (name) => ({ apiVersion: 'apps/v1', spec: { replicas: 1, ...workload(name) } }),
  StatefulSet: (name) => ({ apiVersion: 'apps/v1', spec: { replicas: 2, serviceName: name, ...workload(name) } }),
  DaemonSet: (name) => ({ apiVersion: 'apps/v1', spec: workload(name) }),
  Job: (name) => ({
    apiVersion: 'batch/v1',
    spec: { suspend: true, template: { ...pod(name), spec: { ...pod(name).spec, restartPolicy: 'Never' } } },
  }),
  CronJob: (name) => ({
    apiVersion: 'batch/v1',
    spec: {
      schedule: '0 3 1 1 *',
      jobTemplate: { spec: { template: { ...pod(name), spec: { ...pod(name).spec, restartPolicy: 'Never' } } } },
    },
  }),
  Ingress: (name) => ({
    apiVersion: 'networking.k8s.io/v1',
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  NetworkPolicy: (name) => ({
    apiVersion: 'networking.k8s.io/v1',
    spec: { podSelector: { matchLabels: { app: name } }, policyTypes: ['Ingress'] },
  }),
  HorizontalPodAutoscaler: (name) => ({
    apiVersion: 'autoscaling/v2',
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  }),
  PodDisruptionBudget: (name) => ({
    apiVersion: 'policy/v1',
    spec: { minAvailable: 1, selector: { matchLabels: { app: name } } },
  }),
};

export const manifestOf = (kind: Exclude<Kind, 'Pod'>, name: string): Answered => {
  const { apiVersion, ...rest } = MANIFESTS[kind](name);
  return { apiVersion, kind, metadata: { name, namespace: 'shop' }, ...rest };
};

export interface Workshop {
  /** Makes it and waits until its controller, if it has one, has done what it does. */
  make(kind: Exclude<Kind, 'Pod'>, over?: (manifest: Answered) => void): Promise<string>;
  /** Undefined where there is none. */
  get(kind: Kind, name: string): Promise<Answered>;
  /** The user's own change of an object, as kubectl edit would send it. */
  edit(kind: Kind, name: string, patch: object): Promise<void>;
  /** Pods of the workload of that name. */
  pods(name: string): Promise<readonly Answered[]>;
  /** Of what a plan creates: taken away after the test, too. */
  takesAway(kind: Kind, name: string): void;
}

const ROLLED_OUT: Partial<Record<Kind, (object: Answered) => boolean>> = {
  Deployment: ({ spec, status }) => status?.availableReplicas === spec.replicas,
  ReplicaSet: ({ spec, status }) => status?.availableReplicas === spec.replicas,
  StatefulSet: ({ spec, status }) => status?.availableReplicas === spec.replicas,
  DaemonSet: ({ status }) =>
    (status?.desiredNumberScheduled ?? 0) > 0 && status?.numberAvailable === status?.desiredNumberScheduled,
};

export function workshop(adapter: () => Adapter): Workshop {
  const made: { readonly kind: Kind; readonly name: string }[] = [];
  afterEach(async () => {
    for (const { kind, name } of made.splice(0))
      await adapter().user({
        method: 'DELETE',
        path: `${COLLECTIONS[kind]}/${name}`,
        query: { propagationPolicy: 'Background' },
      });
  });
  const get: Workshop['get'] = async (kind, name) => {
    const { status, body } = await adapter().user({ path: `${COLLECTIONS[kind]}/${name}` });
    return status === 200 ? body : undefined;
  };
  return {
    get,
    takesAway: (kind, name) => {
      made.push({ kind, name });
    },
    make: async (kind, over = () => {}) => {
      const name = newName();
      const body = manifestOf(kind, name);
      over(body);
      made.push({ kind, name });
      const { status, body: answer } = await adapter().user({ method: 'POST', path: COLLECTIONS[kind], body });
      if (status !== 201) throw new Error(`create ${kind} answered ${status}: ${answer.message}`);
      const done = ROLLED_OUT[kind];
      if (done !== undefined)
        await eventually(CONTROLLERS_DONE_TIMEOUT_MILLISECONDS, async () =>
          done(await get(kind, name)) ? true : undefined,
        );
      return name;
    },
    edit: async (kind, name, patch) => {
      const path = `${COLLECTIONS[kind]}/${name}`;
      const contentType = 'application/merge-patch+json';
      const query = { fieldManager: 'kubectl-edit' };
      const { status } = await adapter().user({ method: 'PATCH', path, contentType, query, body: patch });
      if (status !== 200) throw new Error(`edit of ${kind} answered ${status}`);
    },
    pods: async (name) => {
      const { body } = await adapter().user({ path: COLLECTIONS.Pod, query: { labelSelector: `app=${name}` } });
      return body.items;
    },
  };
}
