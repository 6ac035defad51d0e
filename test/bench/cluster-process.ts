/** A cluster with many pods in a process of its own, so that its memory and its work are not counted as ours. Ends with its parent. */
import type { NewObject } from '@countersign/sandbox';
import { startCluster } from '../hostile/reads/reading-endpoint.ts';

/** Like a pod of a real workload: some labels, an annotation, variables, a probe. */
const somePod = (namespace: string, at: number): NewObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace,
      name: `bench-${String(at).padStart(5, '0')}`,
      labels: {
        app: 'bench',
        'app.kubernetes.io/name': 'bench',
        'pod-template-hash': '5f6d7c8b9d',
        shard: String(at % 10),
      },
      annotations: { 'prometheus.io/scrape': 'true', 'checksum/config': 'a'.repeat(64) },
    },
    spec: {
      // Nobody plays this node's kubelet: ten thousand simulated ones would be what is measured.
      nodeName: 'bench-node',
      containers: [
        {
          name: 'app',
          image: 'redis:7.4-alpine',
          env: Array.from({ length: 12 }, (_, index) => ({ name: `SETTING_${index}`, value: `value-${index}` })),
          ports: [{ name: 'main', containerPort: 8080 }],
          resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } },
          readinessProbe: { httpGet: { path: '/ready', port: 'main' } },
        },
      ],
    },
  }) as unknown as NewObject;

const since = '2026-11-21T09:00:00Z';
const status = {
  phase: 'Running',
  podIP: '10.0.0.1',
  startTime: since,
  conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
    type,
    status: 'True',
    lastTransitionTime: since,
  })),
  containerStatuses: [
    {
      name: 'app',
      image: 'redis:7.4-alpine',
      imageID: `docker.io/library/redis@sha256:${'a'.repeat(64)}`,
      containerID: `containerd://${'b'.repeat(64)}`,
      ready: true,
      started: true,
      restartCount: 0,
      state: { running: { startedAt: since } },
    },
  ],
};

const cluster = await startCluster();
const { store } = cluster.sandbox;
for (const [namespace, count] of [
  ['payments', Number(process.argv[2])],
  ['shop', Number(process.argv[3])],
] as const) {
  for (let at = 0; at < count; at += 1) {
    const pod = store.create('pods', somePod(namespace, at), { fieldManager: 'kube-controller-manager' });
    store.update('pods', { ...pod, status }, { subresource: 'status', fieldManager: 'kubelet' });
  }
}
await cluster.sandbox.settled();
process.once('disconnect', async () => {
  await cluster.stop();
  process.exit(0);
});
process.send?.({ kubeconfig: cluster.sandbox.kubeconfig('reader') });
