/** Server-side apply by the executor: it creates only what is absent, and takes nothing from anybody, whatever it sends. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Answered, Call, Identity, UnderTest } from './cluster-under-test.ts';
import { EXECUTOR, refusedBy } from './refused-by.ts';
import { DRY, MARK, newMark, newName, OURS } from './some-deployment.ts';

const APPLIED = 'countersign.dev/applied';
const CREATED = 'countersign.dev/created';
const COLLECTION = '/api/v1/namespaces/shop/configmaps';
const FORCE = { ...OURS, force: 'true' };

export function guardApplyContract(cluster: UnderTest): void {
  const names: string[] = [];
  afterEach(async () => {
    for (const name of names.splice(0))
      await cluster().call('user', { method: 'DELETE', path: `${COLLECTION}/${name}` });
  });
  const fresh = (): string => {
    const name = newName();
    names.push(name);
    return name;
  };
  const get = async (name: string): Promise<Answered> =>
    (await cluster().call('user', { path: `${COLLECTION}/${name}` })).body;
  const apply = (
    name: string,
    annotations: object,
    data: object,
    query: Call['query'] = OURS,
    identity: Identity = 'executor',
    more: object = {},
  ): Promise<Answer> =>
    cluster().call(identity, {
      method: 'PATCH',
      path: `${COLLECTION}/${name}`,
      contentType: 'application/apply-patch+yaml',
      query,
      body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, annotations, ...more }, data },
    });
  const patch = (name: string, data: object, mark = newMark()): Promise<Answer> =>
    cluster().call('executor', {
      method: 'PATCH',
      path: `${COLLECTION}/${name}`,
      query: OURS,
      body: { metadata: { annotations: { [MARK]: mark } }, data },
    });
  /** Made by the user, who owns `colour` and `size`. */
  const others = async (): Promise<string> => {
    const name = fresh();
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { colour: 'red', size: 'small' } };
    const query = { fieldManager: 'people' };
    expect((await cluster().call('user', { method: 'POST', path: COLLECTION, body, query })).status).toBe(201);
    return name;
  };

  describe("the executor's apply", () => {
    it('creates what is absent under the mark of a create, as the dry run said', async () => {
      const [name, mark] = [fresh(), newMark()];
      for (const identity of ['proposer', 'executor'] as const)
        expect((await apply(name, { [CREATED]: mark }, { colour: 'red' }, DRY, identity)).status).toBe(201);
      expect((await apply(name, { [CREATED]: mark }, { colour: 'red' })).status).toBe(201);
      expect((await get(name)).metadata.annotations).toEqual({ [CREATED]: mark });
    });

    it('that creates is refused where the object is there after all: sent twice it has one effect', async () => {
      const [name, mark] = [fresh(), newMark()];
      expect((await apply(name, { [CREATED]: mark }, { colour: 'red' })).status).toBe(201);
      // The very same: nothing new to write, and nothing written.
      const { resourceVersion } = (await get(name)).metadata;
      await apply(name, { [CREATED]: mark }, { colour: 'red' });
      expect((await get(name)).metadata.resourceVersion).toBe(resourceVersion);
      refusedBy(await apply(name, { [CREATED]: mark }, { colour: 'blue' }), EXECUTOR, 'exactly one');
      refusedBy(await apply(name, { [CREATED]: newMark() }, { colour: 'red' }), EXECUTOR, 'when it creates');
      const foreign = await others();
      refusedBy(await apply(foreign, { [CREATED]: newMark() }, { more: 'yes' }), EXECUTOR, 'when it creates');
      refusedBy(await apply(foreign, { [CREATED]: newMark() }, { colour: 'blue' }, FORCE), EXECUTOR, 'when it creates');
    });

    it('that creates is refused under the mark of a patch or of a change', async () => {
      for (const mark of [MARK, APPLIED])
        refusedBy(await apply(fresh(), { [mark]: newMark() }, {}), EXECUTOR, 'when it creates');
      refusedBy(await apply(fresh(), { [CREATED]: newMark(), [MARK]: newMark() }, {}), EXECUTOR, 'exactly one');
      refusedBy(await apply(fresh(), {}, {}), EXECUTOR, 'exactly one');
      refusedBy(await apply(fresh(), { [CREATED]: 'mine' }, {}), EXECUTOR, 'mark must read');
    });

    it('changes what it owns, drops what it no longer states, and leaves the rest', async () => {
      const name = fresh();
      expect((await apply(name, { [CREATED]: newMark() }, { colour: 'red', size: 'small' })).status).toBe(201);
      const mark = newMark();
      expect((await apply(name, { [APPLIED]: mark }, { colour: 'blue' })).status).toBe(200);
      expect(await get(name)).toMatchObject({ data: { colour: 'blue' } });
      expect((await get(name)).metadata.annotations).toEqual({ [APPLIED]: mark });
      expect((await apply(name, { [APPLIED]: newMark() }, { colour: 'green' })).status).toBe(200);
    });

    it('adds to an object of others, beside the mark of an earlier patch', async () => {
      const name = await others();
      const mark = newMark();
      expect((await patch(name, { weight: '1' }, mark)).status).toBe(200);
      const applied = await apply(name, { [APPLIED]: newMark() }, { shape: 'round' });
      expect(applied).toMatchObject({ status: 200, body: { data: { colour: 'red', weight: '1', shape: 'round' } } });
      expect(applied.body.metadata.annotations).toHaveProperty([MARK], mark);
      // And a patch beside the mark of an apply, on a field of that apply.
      expect((await patch(name, { shape: 'square' })).status).toBe(200);
      expect((await get(name)).data).toMatchObject({ shape: 'square' });
    });

    it('that meets a field of others is a conflict without force, and a refusal with it', async () => {
      const name = await others();
      expect((await apply(name, { [APPLIED]: newMark() }, { colour: 'blue' })).status).toBe(409);
      refusedBy(await apply(name, { [APPLIED]: newMark() }, { colour: 'blue' }, FORCE), EXECUTOR, 'no force');
      refusedBy(await apply(name, { [APPLIED]: newMark() }, { colour: 'blue' }, { ...FORCE, ...DRY }), EXECUTOR);
      expect((await get(name)).data).toEqual({ colour: 'red', size: 'small' });
    });

    it('cannot pass for a patch, which may take fields over', async () => {
      const name = await others();
      refusedBy(
        await apply(name, { [MARK]: newMark() }, { colour: 'blue' }, FORCE),
        EXECUTOR,
        'server-side apply must',
      );
      refusedBy(await apply(name, { [MARK]: newMark() }, { more: 'yes' }), EXECUTOR, 'server-side apply must');
    });

    it('with force takes no field that it shares, though its own entry stays what it was', async () => {
      const name = await others();
      expect((await apply(name, { [APPLIED]: newMark() }, { colour: 'red' })).status).toBe(200);
      refusedBy(await apply(name, { [APPLIED]: newMark() }, { colour: 'blue' }, FORCE), EXECUTOR, 'no force');
    });

    it('with force takes nothing from our own patch either', async () => {
      const name = await others();
      expect((await patch(name, { weight: '1' })).status).toBe(200);
      refusedBy(await apply(name, { [APPLIED]: newMark() }, { weight: '2' }, FORCE), EXECUTOR, 'no force');
    });

    it('passes where force has nothing to take: the flag is invisible, its effect is not', async () => {
      const name = await others();
      expect((await apply(name, { [APPLIED]: newMark() }, { shape: 'round' }, FORCE)).status).toBe(200);
      const owners = (await get(name)).metadata.managedFields.map(({ manager }: Answered) => manager);
      expect(owners.sort()).toEqual(['countersign', 'people']);
    });

    it('is refused an owner and a finalizer', async () => {
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '6f1c1d3e-0000-4000-8000-000000000000' };
      for (const more of [{ ownerReferences: [owner] }, { finalizers: ['example.com/stay'] }]) {
        refusedBy(
          await apply(fresh(), { [CREATED]: newMark() }, {}, OURS, 'executor', more),
          EXECUTOR,
          'ownerReferences or finalizers',
        );
        refusedBy(
          await apply(await others(), { [APPLIED]: newMark() }, {}, OURS, 'executor', more),
          EXECUTOR,
          'ownerReferences or finalizers',
        );
      }
    });
  });
}
