import { describe, expect, it } from 'vitest';
import { record } from './kinds.ts';
import { createDeployment, setImage, type TestCluster, testCluster } from './testing/cluster.ts';

function createService(cluster: TestCluster, spec: Record<string, unknown>, name = 'web'): void {
  const metadata = { namespace: 'shop', name, labels: { tier: 'front' } };
  cluster.store.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports: [{ name: 'main', port: 80, targetPort: 'http' }], ...spec },
  });
}

function slice(cluster: TestCluster, service = 'web') {
  const slices = cluster.store.list('endpointslices.discovery.k8s.io', 'shop');
  return slices.find((one) => one.metadata.labels?.['kubernetes.io/service-name'] === service);
}

function conditions(cluster: TestCluster): unknown[] {
  const endpoints = slice(cluster)?.endpoints;
  return Array.isArray(endpoints) ? endpoints.map((endpoint) => record(endpoint).conditions) : [];
}

describe('endpoint slices', () => {
  it('list each selected pod with address, node, target and the port that it serves', () => {
    const cluster = testCluster();
    createService(cluster, { selector: { app: 'web' } });
    createDeployment(cluster, { replicas: 1 });
    cluster.settle();
    const [pod] = cluster.pods();
    expect(slice(cluster)).toMatchObject({
      addressType: 'IPv4',
      metadata: {
        labels: { tier: 'front', 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
      },
      endpoints: [
        {
          addresses: [record(pod?.status).podIP],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName: 'sandbox-node-1',
          targetRef: { kind: 'Pod', name: pod?.metadata.name, uid: pod?.metadata.uid },
        },
      ],
      ports: [{ name: 'main', port: 8080, protocol: 'TCP' }],
    });
  });

  it('call a pod not ready that cannot pull its image, and one that is going terminating', () => {
    const cluster = testCluster();
    createService(cluster, { selector: { app: 'web' } });
    createDeployment(cluster, { replicas: 1, strategy: { type: 'Recreate' } });
    cluster.settle();
    setImage(cluster, 'missing:1');
    cluster.time.advance(60);
    expect(conditions(cluster)).toEqual([{ ready: false, serving: true, terminating: true }]);
    cluster.settle();
    expect(conditions(cluster)).toEqual([{ ready: false, serving: false, terminating: false }]);
  });

  it('exist without endpoints when the selector matches nothing', () => {
    const cluster = testCluster();
    createDeployment(cluster);
    createService(cluster, { selector: { app: 'nobody' } }, 'search');
    cluster.settle();
    expect(slice(cluster, 'search')).toMatchObject({ endpoints: [], ports: [] });
  });

  it('follow a pod that gains or loses the selected label', () => {
    const cluster = testCluster();
    createService(cluster, { selector: { app: 'web', live: 'yes' } });
    createDeployment(cluster, { replicas: 1 });
    cluster.settle();
    const relabel = (live: string) => {
      const [pod] = cluster.pods();
      if (pod === undefined) throw new Error('no pod');
      cluster.store.update('pods', { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, live } } });
      cluster.settle();
    };
    expect(conditions(cluster)).toHaveLength(0);
    relabel('yes');
    expect(conditions(cluster)).toHaveLength(1);
    relabel('no');
    expect(conditions(cluster)).toHaveLength(0);
  });

  it('are not made for a Service without a selector', () => {
    const cluster = testCluster();
    createService(cluster, {});
    cluster.settle();
    expect(slice(cluster)).toBeUndefined();
  });

  it('go with their Service, together with its Endpoints', () => {
    const cluster = testCluster();
    createService(cluster, { selector: { app: 'web' } });
    createDeployment(cluster);
    cluster.settle();
    expect(cluster.store.get('endpoints', 'shop', 'web')?.subsets).toMatchObject([
      { addresses: [{}, {}], ports: [{ port: 8080 }] },
    ]);
    cluster.store.delete('services', 'shop', 'web');
    cluster.settle();
    expect(slice(cluster)).toBeUndefined();
    expect(cluster.store.get('endpoints', 'shop', 'web')).toBeUndefined();
  });
});
