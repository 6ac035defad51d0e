import type { NewObject } from '../store/object-store.ts';

/** Builders for the seed's objects: only what differs from one to the next is written in the seed itself, the store fills the API's defaults. */

export interface DeploymentSeed {
  namespace: string;
  name: string;
  image: string;
  replicas?: number;
  port?: number;
  env?: readonly object[];
  envFrom?: readonly object[];
  volumes?: readonly object[];
  volumeMounts?: readonly object[];
  command?: readonly string[];
  annotations?: Record<string, string>;
  templateAnnotations?: Record<string, string>;
  strategy?: object;
}

export function deployment(seed: DeploymentSeed): NewObject {
  const { namespace, name, image, replicas = 1, port, command, annotations, templateAnnotations, strategy } = seed;
  const { env, envFrom, volumes, volumeMounts } = seed;
  const labels = appLabels(namespace, name);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name, labels, ...present('annotations', annotations) },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      ...present('strategy', strategy),
      template: {
        metadata: { labels, ...present('annotations', templateAnnotations) },
        spec: {
          containers: [
            {
              name,
              image,
              ...present('command', command),
              ...(port === undefined ? {} : { ports: [{ name: 'main', containerPort: port }] }),
              ...present('env', env),
              ...present('envFrom', envFrom),
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
              ...present('volumeMounts', volumeMounts),
            },
          ],
          ...present('volumes', volumes),
        },
      },
    },
  };
}

/** A ClusterIP Service in front of the named port of the pods with the label `app`. */
export function service(seed: {
  namespace: string;
  name: string;
  clusterIP: string;
  port: number;
  app?: string;
}): NewObject {
  const { namespace, name, clusterIP, port, app = name } = seed;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, labels: appLabels(namespace, name) },
    spec: {
      clusterIP,
      selector: { app },
      ports: [{ name: 'main', port, targetPort: 'main' }],
    },
  };
}

function appLabels(namespace: string, name: string): Record<string, string> {
  return { app: name, 'app.kubernetes.io/part-of': namespace };
}

function present<Field extends string, Value>(field: Field, value: Value | undefined): { [field in Field]?: Value } {
  return value === undefined ? {} : ({ [field]: value } as { [field in Field]: Value });
}
