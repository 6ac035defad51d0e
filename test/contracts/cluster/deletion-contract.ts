/** Deletes: what goes, what stays, what waits, and how preconditions and propagation are told. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Answered, UnderTest } from './cluster-under-test.ts';
import { deploymentPath, newName, workbench } from './some-deployment.ts';

const MAPS = '/api/v1/namespaces/shop/configmaps';

export function deletionContract(cluster: UnderTest): void {
  const { create, get } = workbench(cluster);
  const made: string[] = [];
  const send = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, merge = false) =>
    cluster().call('user', {
      method,
      path,
      ...(body === undefined ? {} : { body }),
      ...(merge ? { contentType: 'application/merge-patch+json' } : {}),
    });
  const remove = (path: string, options: object = {}): Promise<Answer> =>
    send('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', ...options });
  const map = async (metadata: object = {}): Promise<Answered> => {
    const name = newName();
    made.push(name);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } };
    return (await send('POST', MAPS, body)).body;
  };
  const ownedBy = ({ metadata }: Answered) => ({
    ownerReferences: [
      { apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid, blockOwnerDeletion: true },
    ],
  });
  const at = ({ metadata }: Answered): string => `${MAPS}/${metadata.name}`;
  /** Until it is so: garbage is collected in its own time. */
  const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let looks = 0; looks < 5_000; looks += 1) if (await isSo()) return;
    throw new Error('it never came to be');
  };
  const isGone = async (object: Answered): Promise<boolean> => (await send('GET', at(object))).status === 404;
  afterEach(async () => {
    for (const name of made.splice(0)) {
      await send('PATCH', `${MAPS}/${name}`, { metadata: { finalizers: null } }, true);
      await send('DELETE', `${MAPS}/${name}`);
    }
  });

  describe('a delete', () => {
    it.each([
      ['uid', { uid: 'another' }],
      ['resourceVersion', { resourceVersion: '1' }],
    ])('of another %s is refused with 409, and deletes nothing', async (_what, preconditions) => {
      const { metadata } = await create();
      const answer = await remove(deploymentPath(metadata.name), { preconditions });
      expect(answer).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      expect((await get(metadata.name)).metadata.uid).toBe(metadata.uid);
    });

    it('of the right uid and version passes and answers a Status that names what went', async () => {
      const object = await map();
      const { uid, resourceVersion } = object.metadata;
      const { status, body } = await remove(at(object), { preconditions: { uid, resourceVersion } });
      expect({ status, body }).toMatchObject({
        status: 200,
        body: { kind: 'Status', status: 'Success', details: { name: object.metadata.name, kind: 'configmaps', uid } },
      });
    });

    it('dry-run deletes nothing', async () => {
      const object = await map();
      expect((await remove(at(object), { dryRun: ['All'] })).status).toBe(200);
      expect(await isGone(object)).toBe(false);
    });

    it('of what a finalizer holds answers the object, which goes with its finalizer', async () => {
      const object = await map({ finalizers: ['contract.countersign.dev/hold'] });
      const { body } = await remove(at(object));
      expect(body).toMatchObject({ kind: 'ConfigMap', metadata: { deletionTimestamp: expect.any(String) } });
      expect((await send('GET', at(object))).body.metadata.uid).toBe(object.metadata.uid);
      await send('PATCH', at(object), { metadata: { finalizers: null } }, true);
      expect(await isGone(object)).toBe(true);
    });

    it('of what is not there is NotFound', async () => {
      expect(await remove(`${MAPS}/nobody`)).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
    });
  });

  describe('propagation', () => {
    it('Background: the owner goes at once, what it owned after it', async () => {
      const owner = await map();
      const child = await map(ownedBy(owner));
      expect((await remove(at(owner), { propagationPolicy: 'Background' })).body.kind).toBe('Status');
      expect(await isGone(owner)).toBe(true);
      await eventually(() => isGone(child));
    });

    it('Foreground: the owner waits, marked, until what blocks it is gone', async () => {
      const owner = await map();
      const child = await map({ ...ownedBy(owner), finalizers: ['contract.countersign.dev/hold'] });
      const { status, body } = await remove(at(owner), { propagationPolicy: 'Foreground' });
      expect([status, body.metadata.finalizers]).toEqual([200, ['foregroundDeletion']]);
      await eventually(async () => (await send('GET', at(child))).body.metadata.deletionTimestamp !== undefined);
      expect(await isGone(owner)).toBe(false);
      await send('PATCH', at(child), { metadata: { finalizers: null } }, true);
      await eventually(() => isGone(owner));
    });

    it('Orphan: what it owned stays, without its owner', async () => {
      const owner = await map();
      const child = await map(ownedBy(owner));
      expect((await remove(at(owner), { propagationPolicy: 'Orphan' })).status).toBe(200);
      await eventually(() => isGone(owner));
      expect((await send('GET', at(child))).body.metadata.ownerReferences).toBeUndefined();
    });

    it('of another name is refused', async () => {
      const owner = await map();
      expect((await remove(at(owner), { propagationPolicy: 'Sideways' })).status).toBe(422);
    });

    it('takes a Deployment’s ReplicaSet along', async () => {
      const { metadata } = await create();
      const sets = async (): Promise<readonly Answered[]> =>
        (
          await cluster().call('user', {
            path: '/apis/apps/v1/namespaces/shop/replicasets',
            query: { labelSelector: `app=${metadata.name}` },
          })
        ).body.items;
      await eventually(async () => (await sets()).length === 1);
      await remove(deploymentPath(metadata.name), { propagationPolicy: 'Background' });
      await eventually(async () => (await sets()).length === 0);
    });
  });
}
