/** Which objects the executor may touch at all. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Answered, UnderTest } from './cluster-under-test.ts';
import { EXECUTOR, refusedBy } from './refused-by.ts';
import { MARK, newMark, newName, OURS, workbench } from './some-deployment.ts';

const SETS = '/apis/apps/v1/namespaces/shop/replicasets';
const PODS = '/api/v1/namespaces/shop/pods';
const MAPS = '/api/v1/namespaces/shop/configmaps';

export function guardObjectContract(cluster: UnderTest): void {
  const { create } = workbench(cluster);
  const made: string[] = [];
  afterEach(async () => {
    for (const path of made.splice(0)) {
      await cluster().call('user', { method: 'PATCH', path, body: { metadata: { finalizers: null } } });
      await cluster().call('user', { method: 'DELETE', path });
    }
  });
  const make = async (collection: string, object: Answered): Promise<Answered> => {
    const { status, body } = await cluster().call('user', { method: 'POST', path: collection, body: object });
    expect(status).toBe(201);
    made.push(`${collection}/${body.metadata.name}`);
    return body;
  };
  const configMap = (metadata: object = {}): Promise<Answered> =>
    make(MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: newName(), ...metadata }, data: {} });
  const pod = (metadata: object = {}): Promise<Answered> =>
    make(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: newName(), ...metadata },
      spec: { containers: [{ name: 'main', image: 'nginx:1.27-alpine' }], automountServiceAccountToken: false },
    });
  const write = (path: string, metadata: object = {}): Promise<Answer> =>
    cluster().call('executor', {
      method: 'PATCH',
      path,
      query: OURS,
      body: { metadata: { annotations: { [MARK]: newMark() }, ...metadata } },
    });
  const remove = (path: string, preconditions?: object): Promise<Answer> =>
    cluster().call('executor', {
      method: 'DELETE',
      path,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, ...(preconditions && { preconditions }) },
    });

  describe('the executor', () => {
    it("changes no ReplicaSet that a Deployment's controller owns, and one that nobody owns", async () => {
      const { metadata } = await create();
      const query = { labelSelector: `app=${metadata.name}` };
      const owned = (await cluster().call('user', { path: SETS, query })).body.items[0];
      refusedBy(await write(`${SETS}/${owned.metadata.name}`), EXECUTOR, 'a controller owns');
      refusedBy(await write(`${SETS}/${owned.metadata.name}`, { ownerReferences: [] }), EXECUTOR);
      const name = newName();
      const labels = { app: name };
      const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine' }] } };
      const spec = { replicas: 0, selector: { matchLabels: labels }, template };
      await make(SETS, { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name, labels }, spec });
      expect((await write(`${SETS}/${name}`)).status).toBe(200);
    });

    it('gives nobody an owner or a finalizer, and takes none away', async () => {
      const owner = await configMap();
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid };
      const bare = await configMap();
      const bound = await configMap({ ownerReferences: [reference], finalizers: ['example.com/stay'] });
      const path = (object: Answered): string => `${MAPS}/${object.metadata.name}`;
      const rule = 'ownerReferences or finalizers';
      refusedBy(await write(path(bare), { ownerReferences: [reference] }), EXECUTOR, rule);
      refusedBy(await write(path(bare), { ownerReferences: [{ ...reference, controller: true }] }), EXECUTOR, rule);
      refusedBy(await write(path(bare), { finalizers: ['example.com/stay'] }), EXECUTOR, rule);
      refusedBy(await write(path(bound), { ownerReferences: null }), EXECUTOR, rule);
      refusedBy(await write(path(bound), { finalizers: null }), EXECUTOR, rule);
      expect((await write(path(bound))).status).toBe(200);
    });

    it('deletes the pod that was approved and no other, and changes none', async () => {
      const { metadata } = await pod();
      const path = `${PODS}/${metadata.name}`;
      refusedBy(await remove(path), EXECUTOR, 'preconditions');
      refusedBy(await remove(path, { uid: metadata.uid }), EXECUTOR, 'preconditions');
      expect((await write(path)).status).toBe(403);
      for (let status = 409; status !== 200; ) {
        // Whoever runs the pod writes its status in between.
        const { resourceVersion } = (await cluster().call('user', { path })).body.metadata;
        expect((await remove(path, { uid: 'another', resourceVersion })).status).toBe(409);
        ({ status } = await remove(path, { uid: metadata.uid, resourceVersion }));
        expect([200, 409]).toContain(status);
      }
    });

    it('evicts nobody and puts no container into a pod', async () => {
      const { metadata } = await pod();
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name: metadata.name, namespace: 'shop' },
      };
      const path = `${PODS}/${metadata.name}`;
      for (const [way, body] of [
        ['eviction', eviction],
        ['ephemeralcontainers', { spec: { ephemeralContainers: [] } }],
      ] as const) {
        const method = way === 'eviction' ? 'POST' : 'PATCH';
        const { status } = await cluster().call('executor', { method, path: `${path}/${way}`, query: OURS, body });
        expect([403, 404, 405]).toContain(status);
      }
      expect((await cluster().call('user', { path })).body.metadata.deletionTimestamp).toBeUndefined();
    });
  });
}
