import { applyDefaults } from '../../defaults/apply-defaults.ts';
import { createObjectStore, type RestoredObjects } from '../../store/create-object-store.ts';
import type { KubeObject, ObjectStore } from '../../store/object-store.ts';
import { controllerOf, record } from '../kinds.ts';
import { isActive, isReady } from '../pod-state.ts';
import { type Controllers, startControllers } from '../start-controllers.ts';
import { type ManualTime, manualTime } from './manual-time.ts';

const testImages = ['good:1', 'good:2', 'good:3', 'sidecar:1'];

export interface TestCluster {
  store: ObjectStore;
  time: ManualTime;
  controllers: Controllers;
  /** What a reconcile threw, if any did. */
  errors: unknown[];
  /** Lets enough time pass for every rollout to be through or stuck. */
  settle(): void;
  deployment(name?: string): KubeObject;
  /** Changes the Deployment as a user's write would. */
  change(edit: (spec: Record<string, unknown>, object: KubeObject) => void, name?: string): void;
  replicaSets(name?: string): KubeObject[];
  pods(): KubeObject[];
  events(reason: string): KubeObject[];
}

/** The real store and the real controllers on a clock that only moves when told to. */
export function testCluster(options: { restored?: RestoredObjects; time?: ManualTime } = {}): TestCluster {
  const time = options.time ?? manualTime();
  let serial = 0;
  const ids = { uid: () => `uid-${++serial}`, suffix: () => (++serial).toString(36).padStart(5, 'x') };
  const { restored } = options;
  const store = createObjectStore({
    clock: time.clock,
    ids,
    defaults: applyDefaults,
    ...(restored === undefined ? {} : { restored }),
  });
  const errors: unknown[] = [];
  const controllers = startControllers({
    store,
    clock: time.clock,
    images: testImages,
    timers: time.timers,
    onError: (error) => errors.push(error),
  });

  function deployment(name = 'web'): KubeObject {
    const found = store.get('deployments.apps', 'shop', name);
    if (found === undefined) throw new Error(`no Deployment ${name}`);
    return found;
  }

  return {
    store,
    time,
    controllers,
    errors,
    settle: () => time.advance(9_000),
    deployment,
    change(edit, name) {
      const object = structuredClone(deployment(name));
      edit(record(object.spec), object);
      store.update('deployments.apps', object, { fieldManager: 'kubectl' });
    },
    replicaSets(name) {
      const { uid } = deployment(name).metadata;
      return store.list('replicasets.apps', 'shop').filter((set) => controllerOf(set)?.uid === uid);
    },
    pods: () => store.list('pods', 'shop'),
    events: (reason) => store.list('events', 'shop').filter((event) => event.reason === reason),
  };
}

export function createDeployment(
  { store }: TestCluster,
  spec: { name?: string; replicas?: number; image?: string; annotations?: Record<string, string> } & Record<
    string,
    unknown
  > = {},
): KubeObject {
  const { name = 'web', image = 'good:1', replicas = 2, annotations, templateAnnotations, ...rest } = spec;
  return store.create('deployments.apps', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'shop', name, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: {
          labels: { app: name },
          ...(templateAnnotations === undefined ? {} : { annotations: templateAnnotations }),
        },
        spec: { containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
      },
      ...rest,
    },
  });
}

export function templateOf(object: KubeObject): {
  metadata: Record<string, unknown>;
  containers: Record<string, unknown>[];
} {
  const template = record(record(object.spec).template);
  return {
    metadata: record(template.metadata),
    containers: record(template.spec).containers as Record<string, unknown>[],
  };
}

export function setImage(cluster: TestCluster, image: string): void {
  cluster.change((spec) => {
    const containers = record(record(spec.template).spec).containers as Record<string, unknown>[];
    record(containers[0]).image = image;
  });
}

export function restart(cluster: TestCluster, at: string): void {
  cluster.change((spec) => {
    const metadata = record(record(spec.template).metadata);
    metadata.annotations = { ...record(metadata.annotations), 'kubectl.kubernetes.io/restartedAt': at };
  });
}

export function imagesOf(pods: readonly KubeObject[]): string[] {
  return pods.map((pod) => String((record(pod.spec).containers as Record<string, unknown>[])[0]?.image)).sort();
}

/** Ready pods that are not on their way out. */
export function serving(pods: readonly KubeObject[]): KubeObject[] {
  return pods.filter((pod) => isActive(pod) && isReady(pod));
}

export function sizeOf(set: KubeObject | undefined): number {
  return Number(record(set?.spec).replicas);
}

export function statusOf(object: KubeObject): Record<string, unknown> {
  return record(object.status);
}
