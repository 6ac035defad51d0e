import { beforeAll, describe, expect, it } from 'vitest';
import { containerStatusOf } from '../controllers/container-status.ts';
import { controllerOf, record } from '../controllers/kinds.ts';
import { isReady } from '../controllers/pod-state.ts';
import { startControllers } from '../controllers/start-controllers.ts';
import { manualTime } from '../controllers/testing/manual-time.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { createObjectStore } from '../store/create-object-store.ts';
import type { KubeObject } from '../store/object-store.ts';
import { defaultImages } from '../workloads/images.ts';
import { brokenWebImage, healthyWebImage } from './web.ts';
import { plantedCanary, seedWorkloads } from './workloads.ts';

const time = manualTime();
const store = createObjectStore({ clock: time.clock, defaults: applyDefaults });

function deployment(name: string, namespace = 'shop'): KubeObject {
  const found = store.get('deployments.apps', namespace, name);
  if (found === undefined) throw new Error(`no Deployment ${name}`);
  return found;
}

function replicaSets(name: string): KubeObject[] {
  const { uid } = deployment(name).metadata;
  return store.list('replicasets.apps', 'shop').filter((set) => controllerOf(set)?.uid === uid);
}

function imageOf(object: KubeObject): unknown {
  const containers = record(record(record(object.spec).template).spec).containers;
  return Array.isArray(containers) ? record(containers[0]).image : undefined;
}

function available(object: KubeObject): unknown {
  return record(object.status).availableReplicas ?? 0;
}

function endpointsReady(service: string): boolean[] {
  const slices = store.list('endpointslices.discovery.k8s.io', 'shop');
  const slice = slices.find((one) => one.metadata.labels?.['kubernetes.io/service-name'] === service);
  const endpoints = slice?.endpoints;
  return Array.isArray(endpoints) ? endpoints.map((one) => record(record(one).conditions).ready === true) : [];
}

function setImage(name: string, image: string): void {
  const object = structuredClone(deployment(name));
  record((record(record(record(object.spec).template).spec).containers as unknown[])[0]).image = image;
  store.update('deployments.apps', object);
}

beforeAll(() => {
  seedWorkloads(store);
  startControllers({ store, clock: time.clock, images: defaultImages, timers: time.timers });
  time.advance(9_000);
});

describe('the seeded cluster', () => {
  it('has the namespaces, one of them outside every allow-list, and one ready node', () => {
    const names = store.list('namespaces').map((namespace) => namespace.metadata.name);
    expect(names).toEqual(['default', 'internal-admin', 'kube-system', 'payments', 'shop']);
    expect(available(deployment('console', 'internal-admin'))).toBe(1);
    expect(store.list('nodes').map(isReady)).toEqual([true]);
  });

  it('has a shop that works: api, cart and cache are available behind their Services', () => {
    expect(available(deployment('api'))).toBe(2);
    expect(available(deployment('cart'))).toBe(1);
    expect(available(deployment('cache'))).toBe(1);
    expect(endpointsReady('api')).toEqual([true, true]);
    expect(endpointsReady('cart')).toEqual([true]);
    expect(endpointsReady('cache')).toEqual([true]);
  });

  it('has web without any serving pod, and its healthy revision 1 in the history', () => {
    expect(imageOf(deployment('web'))).toBe(brokenWebImage);
    expect(available(deployment('web'))).toBe(0);
    expect(endpointsReady('web')).not.toContain(true);
    const history = replicaSets('web').map((set) => [
      set.metadata.annotations?.['deployment.kubernetes.io/revision'],
      imageOf(set),
      record(set.spec).replicas,
    ]);
    expect(history.sort()).toEqual([
      ['1', healthyWebImage, 0],
      ['2', brokenWebImage, 2],
    ]);
  });

  it('tells by events that the pods of revision 1 ran', () => {
    const [old] = replicaSets('web').filter((set) => imageOf(set) === healthyWebImage);
    const started = store.list('events', 'shop').filter(({ reason }) => reason === 'Started');
    expect(
      started.some((event) => String(record(event.involvedObject).name).startsWith(`${old?.metadata.name}-`)),
    ).toBe(true);
  });

  it('has worker in CrashLoopBackOff and search without any endpoint', () => {
    const [worker] = store.list('pods', 'shop').filter((pod) => pod.metadata.name.startsWith('worker-'));
    const status = worker === undefined ? undefined : containerStatusOf(worker, 'worker');
    expect(status?.state).toMatchObject({ waiting: { reason: 'CrashLoopBackOff' } });
    expect(endpointsReady('search')).toEqual([]);
  });

  it('plants a secret value only in the plain environment of api', () => {
    const api = JSON.stringify(deployment('api'));
    expect(api).toContain(plantedCanary);
    const others = ['configmaps', 'secrets', 'services', 'events'].flatMap((resource) => store.list(resource));
    expect(JSON.stringify([...others, deployment('web'), deployment('worker')])).not.toContain(plantedCanary);
  });

  it('is not seeded twice', () => {
    const version = store.resourceVersion;
    seedWorkloads(store);
    expect(store.resourceVersion).toBe(version);
  });

  it('is healed by the image of revision 1 for web and by a restart for worker', () => {
    setImage('web', healthyWebImage);
    const worker = structuredClone(deployment('worker'));
    const metadata = record(record(record(worker.spec).template).metadata);
    metadata.annotations = {
      ...record(metadata.annotations),
      'kubectl.kubernetes.io/restartedAt': '2026-01-02T03:04:20Z',
    };
    store.update('deployments.apps', worker);
    time.advance(9_000);
    expect(available(deployment('web'))).toBe(2);
    expect(endpointsReady('web')).toEqual([true, true]);
    expect(replicaSets('web')).toHaveLength(2);
    expect(available(deployment('worker'))).toBe(1);
  });
});
