/** What the cluster itself refuses, whatever Countersign's code does: the guard policies at work. */
import { describe, expect, it } from 'vitest';
import type { Answer, UnderTest } from './cluster-under-test.ts';
import { guardApplyContract } from './guard-apply-contract.ts';
import { guardObjectContract } from './guard-object-contract.ts';
import { EXECUTOR, PROPOSER, refusedBy } from './refused-by.ts';
import { DRY, deploymentPath, MARK, newMark, newName, OURS, workbench } from './some-deployment.ts';

export function guardContract(cluster: UnderTest): void {
  const { create, get, patch, change } = workbench(cluster);
  guardApplyContract(cluster);
  guardObjectContract(cluster);

  describe("the proposer's", () => {
    it('dry runs pass; its writes are refused', async () => {
      const { metadata } = await create();
      expect((await change('proposer', metadata.name, { replicas: 1 }, DRY)).status).toBe(200);
      refusedBy(await change('proposer', metadata.name, { replicas: 1 }, OURS), PROPOSER);
      expect((await get(metadata.name)).spec.replicas).toBe(0);
    });

    it('creates and deletes are refused as well', async () => {
      const { metadata } = await create();
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `${metadata.name}-p` }, data: {} };
      refusedBy(
        await cluster().call('proposer', { method: 'POST', path: '/api/v1/namespaces/shop/configmaps', body }),
        PROPOSER,
      );
      refusedBy(await cluster().call('proposer', { method: 'DELETE', path: deploymentPath(metadata.name) }), PROPOSER);
    });
  });

  describe("the executor's write", () => {
    const someName = async (): Promise<string> => (await create()).metadata.name;

    it('passes with our mark, our field manager and a version', async () => {
      const name = await someName();
      expect((await change('executor', name, { replicas: 1 })).status).toBe(200);
    });

    it('is refused without a mark', async () => {
      const name = await someName();
      refusedBy(await patch('executor', name, { spec: { replicas: 1 } }, OURS), EXECUTOR);
    });

    it.each([
      '',
      'x',
      `pln_short/1/sha256:${'ab'.repeat(32)}`,
      `pln_${'a'.repeat(22)}/0/sha256:${'ab'.repeat(32)}`,
      `pln_${'a'.repeat(22)}/1/sha256:zz`,
    ])('is refused with the mark %j', async (mark) => {
      const name = await someName();
      refusedBy(await change('executor', name, { replicas: 1 }, OURS, mark), EXECUTOR);
    });

    it('is refused under the mark that stands there already: a step has one effect', async () => {
      const name = await someName();
      const mark = newMark();
      expect((await change('executor', name, { replicas: 1 }, OURS, mark)).status).toBe(200);
      refusedBy(await change('executor', name, { replicas: 2 }, OURS, mark), EXECUTOR);
      refusedBy(await patch('executor', name, { spec: { replicas: 2 } }, OURS), EXECUTOR);
    });

    it('is refused under another field manager, or none', async () => {
      const name = await someName();
      refusedBy(await change('executor', name, { replicas: 1 }, { fieldManager: 'kubectl' }), EXECUTOR);
      refusedBy(await change('executor', name, { replicas: 1 }, {}), EXECUTOR);
    });

    it('is refused as a dry run, too, so that a plan which could not run is not shown as one that can', async () => {
      const name = await someName();
      refusedBy(await patch('executor', name, { spec: { replicas: 1 } }, DRY), EXECUTOR);
    });

    it('of a kind that no plan may change is refused', async () => {
      const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x', annotations: { [MARK]: newMark() } } };
      expect(
        (
          await cluster().call('executor', {
            method: 'POST',
            path: '/api/v1/namespaces/shop/secrets',
            body,
            query: OURS,
          })
        ).status,
      ).toBe(403);
    });

    it('that deletes is refused without uid and version, and passes with them', async () => {
      // A ConfigMap: no controller writes to it in between.
      const [collection, name] = ['/api/v1/namespaces/shop/configmaps', newName()];
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: {} };
      const created = await cluster().call('user', { method: 'POST', path: collection, body });
      const { uid, resourceVersion } = created.body.metadata;
      const remove = (preconditions?: object): Promise<Answer> =>
        cluster().call('executor', {
          method: 'DELETE',
          path: `${collection}/${name}`,
          body: { apiVersion: 'v1', kind: 'DeleteOptions', ...(preconditions === undefined ? {} : { preconditions }) },
        });
      refusedBy(await remove(), EXECUTOR);
      refusedBy(await remove({ uid }), EXECUTOR);
      refusedBy(await remove({ resourceVersion }), EXECUTOR);
      expect((await remove({ uid: 'another', resourceVersion })).status).toBe(409);
      expect((await remove({ uid, resourceVersion })).status).toBe(200);
    });
  });

  it('the user and the controllers write on, though our mark is copied to a ReplicaSet', async () => {
    const { metadata } = await create({ annotations: { [MARK]: newMark() } });
    const sets = async () =>
      (
        await cluster().call('user', {
          path: '/apis/apps/v1/namespaces/shop/replicasets',
          query: { labelSelector: `app=${metadata.name}` },
        })
      ).body.items;
    for (let looks = 0; (await sets()).length === 0 && looks < 2_000; looks += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect((await sets())[0]?.metadata.annotations).toHaveProperty([MARK]);
    expect(
      (
        await patch('user', metadata.name, {
          spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.26-alpine' }] } } },
        })
      ).status,
    ).toBe(200);
    for (let looks = 0; (await sets()).length < 2 && looks < 2_000; looks += 1)
      await new Promise((resolve) => setImmediate(resolve));
    expect(await sets()).toHaveLength(2);
  });
}
