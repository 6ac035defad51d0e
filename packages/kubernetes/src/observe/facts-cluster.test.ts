import { Unavailable } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../connection/connect-cluster.ts';
import { answerJson, startScriptedServer } from '../testing/scripted-server.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { factsCluster, type NamespaceFacts } from './facts-cluster.ts';

const NOW = '2026-11-20T10:00:00.000Z';
let cluster: TestCluster;
let shop: NamespaceFacts;
beforeAll(async () => {
  cluster = await startCluster();
  shop = await factsCluster(cluster.connect('reader'), () => new Date(NOW)).facts('shop');
});
afterAll(() => cluster.stop());
const deployment = (name: string) => shop.deployments.find((found) => found.name === name);
const podsOf = (name: string) => shop.pods.filter(({ owner }) => owner?.name === name);

describe('facts', () => {
  it('are of one namespace at one time', () => {
    expect(shop).toMatchObject({ namespace: 'shop', capturedAt: NOW });
    expect(shop.deployments.map(({ name }) => name)).toEqual(['api', 'cache', 'cart', 'web', 'worker']);
  });

  it('tell the history of a Deployment, and which revision ran well, also when nothing of it is left', () => {
    expect(deployment('web')).toMatchObject({
      apiVersion: 'apps/v1',
      desired: 2,
      ready: 0,
      available: 0,
      updated: 2,
      paused: false,
      rolloutComplete: false,
      progressDeadlineExceeded: false,
      images: { web: 'nginx:1.27-doesnotexist' },
      selector: { app: 'web' },
      revisions: [
        { revision: 2, current: true, ready: 0, wasHealthy: false, images: { web: 'nginx:1.27-doesnotexist' } },
        { revision: 1, current: false, ready: 0, wasHealthy: true, images: { web: 'nginx:1.27-alpine' } },
      ],
    });
    expect(deployment('api')?.revisions).toMatchObject([{ revision: 1, current: true, ready: 2, wasHealthy: true }]);
  });

  it('find the Deployment above a pod, through its ReplicaSet', () => {
    const pods = podsOf('web');
    expect(pods).toHaveLength(2);
    expect(pods[0]).toMatchObject({
      phase: 'Pending',
      ready: false,
      deleting: false,
      owner: { kind: 'Deployment', uid: deployment('web')?.uid },
    });
    expect(pods[0]?.containers[0]).toMatchObject({
      name: 'web',
      image: 'nginx:1.27-doesnotexist',
      ready: false,
      restarts: 0,
      waitingReason: expect.stringMatching(/^(ImagePullBackOff|ErrImagePull)$/),
    });
  });

  it('tell how a crashing container ended', () => {
    const [container] = podsOf('worker')[0]?.containers ?? [];
    expect(container?.restarts).toBeGreaterThan(0);
    expect(container?.lastExit).toMatchObject({ exitCode: expect.any(Number), finishedAt: expect.any(String) });
  });

  it('count the endpoints of a Service', () => {
    const services = Object.fromEntries(
      shop.services.map(({ name, readyEndpoints, totalEndpoints }) => [name, [readyEndpoints, totalEndpoints]]),
    );
    expect(services).toMatchObject({ api: [2, 2], search: [0, 0], web: [0, 2] });
    expect(shop.services.find(({ name }) => name === 'search')?.selector).toEqual({ app: 'search-v2' });
  });

  it('carry warning events with what they are about', () => {
    const failed = shop.events.find(({ type, reason }) => type === 'Warning' && reason === 'Failed');
    expect(failed).toMatchObject({ count: expect.any(Number), involved: { kind: 'Pod', uid: expect.any(String) } });
    expect(Number.isNaN(Date.parse(failed?.lastAt ?? ''))).toBe(false);
  });

  it('carry no value of any environment', () => {
    expect(JSON.stringify(shop)).not.toContain('canary');
  });

  it('of a namespace that is not there are empty', async () => {
    expect(await factsCluster(cluster.connect('reader')).facts('nowhere')).toMatchObject({
      deployments: [],
      pods: [],
      services: [],
      events: [],
    });
  });

  it.each(['deployments', 'replicasets', 'pods', 'services', 'endpointslices', 'events'])(
    'are none at all where %s cannot be read',
    async (plural) => {
      const server = await startScriptedServer((request, response) =>
        answerJson(response, request.url.includes(`/${plural}?`) ? 500 : 200, { metadata: {}, items: [] }),
      );
      const connection = connectCluster({ name: 'x', kubeconfig: server.kubeconfig(), context: 'ctx' });
      await expect(factsCluster(connection).facts('shop')).rejects.toBeInstanceOf(Unavailable);
      connection.close();
      await server.stop();
    },
  );
});
