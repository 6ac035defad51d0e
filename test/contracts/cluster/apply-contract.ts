/** Server-side apply: what an apply without force may count on. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer, Answered, Call, UnderTest } from './cluster-under-test.ts';
import { deploymentPath, newName } from './some-deployment.ts';

const configuration = (name: string, spec: object = {}): Answered => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine' }] },
    },
    ...spec,
  },
});

export function applyContract(cluster: UnderTest): void {
  const names: string[] = [];
  afterEach(async () => {
    for (const name of names.splice(0)) await cluster().call('user', { method: 'DELETE', path: deploymentPath(name) });
  });
  const fresh = (): string => {
    const name = newName();
    names.push(name);
    return name;
  };
  const apply = (name: string, body: unknown, manager = 'first', query: Call['query'] = {}): Promise<Answer> =>
    cluster().call('user', {
      method: 'PATCH',
      path: deploymentPath(name),
      body,
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: manager, ...query },
    });
  const update = (name: string, body: unknown, manager: string): Promise<Answer> =>
    cluster().call('user', { method: 'PATCH', path: deploymentPath(name), body, query: { fieldManager: manager } });
  const get = async (name: string): Promise<Answered> =>
    (await cluster().call('user', { path: deploymentPath(name) })).body;
  const ownersOf = (object: Answered, field: string): readonly string[] =>
    object.metadata.managedFields
      .filter((entry: Answered) => entry.fieldsV1?.['f:spec']?.[`f:${field}`] !== undefined)
      .map(({ manager, operation }: Answered) => `${manager} ${operation}`)
      .sort();

  describe('server-side apply', () => {
    it('creates what is absent with 201, and owns what it states and no default', async () => {
      const name = fresh();
      const { status, body } = await apply(name, configuration(name, { replicas: 0 }));
      expect([status, ownersOf(body, 'replicas'), ownersOf(body, 'revisionHistoryLimit')]).toEqual([
        201,
        ['first Apply'],
        [],
      ]);
    });

    it('names the owner and the field of each conflict, and changes nothing', async () => {
      const name = fresh();
      await apply(name, configuration(name, { replicas: 0 }));
      await update(name, { spec: { replicas: 1 } }, 'scaler');
      const { status, body } = await apply(name, configuration(name, { replicas: 0 }), 'second');
      expect({ status, body }).toMatchObject({
        status: 409,
        body: {
          reason: 'Conflict',
          message: 'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
          details: {
            causes: [
              {
                reason: 'FieldManagerConflict',
                message: 'conflict with "scaler" using apps/v1',
                field: '.spec.replicas',
              },
            ],
          },
        },
      });
      expect((await get(name)).spec.replicas).toBe(1);
    });

    it('names several owners, appliers and updaters', async () => {
      const name = fresh();
      await apply(name, configuration(name, { replicas: 0 }));
      await update(name, { spec: { replicas: 1 } }, 'scaler');
      const other = configuration(name, { replicas: 0 });
      other.spec.template.spec.containers[0].image = 'redis:7.4-alpine';
      const { body } = await apply(name, other, 'second');
      expect(body.message).toMatch(/^Apply failed with 2 conflicts: conflicts with "first":\n- \.spec\.template/);
      expect(body.details.causes.map(({ field, message }: Answered) => `${message} ${field}`).toSorted()).toEqual([
        'conflict with "first" .spec.template.spec.containers[name="web"].image',
        'conflict with "scaler" using apps/v1 .spec.replicas',
      ]);
    });

    it('conflicts with an update under its own name', async () => {
      const name = fresh();
      await apply(name, configuration(name));
      await update(name, { spec: { replicas: 2 } }, 'first');
      expect((await apply(name, configuration(name, { replicas: 0 }))).status).toBe(409);
    });

    it('with force takes the field over', async () => {
      const name = fresh();
      await apply(name, configuration(name, { replicas: 0 }));
      const { status, body } = await apply(name, configuration(name, { replicas: 1 }), 'second', { force: 'true' });
      expect([status, ownersOf(body, 'replicas')]).toEqual([200, ['second Apply']]);
    });

    it('shares what is equal, and removes what nobody states any more', async () => {
      const name = fresh();
      await apply(name, configuration(name, { minReadySeconds: 3 }));
      const shared = await apply(name, configuration(name, { minReadySeconds: 3 }), 'second');
      expect(ownersOf(shared.body, 'minReadySeconds')).toEqual(['first Apply', 'second Apply']);
      expect((await apply(name, configuration(name))).body.spec.minReadySeconds).toBe(3);
      expect((await apply(name, configuration(name), 'second')).body.spec.minReadySeconds).toBeUndefined();
    });

    it('loses a field to whoever updates it', async () => {
      const name = fresh();
      await apply(name, configuration(name, { replicas: 0 }));
      const { body } = await update(name, { spec: { replicas: 1 } }, 'scaler');
      expect(ownersOf(body, 'replicas')).toEqual(['scaler Update']);
    });

    it('repeated changes nothing', async () => {
      const name = fresh();
      const first = await apply(name, configuration(name, { paused: true }));
      const second = await apply(name, configuration(name, { paused: true }));
      const own = ({ body }: Answer): Answered =>
        body.metadata.managedFields.find(({ manager }: Answered) => manager === 'first');
      expect(own(second)).toEqual(own(first));
      expect(second.body.metadata.generation).toBe(first.body.metadata.generation);
    });

    it('of another resourceVersion is a conflict, of the right one passes', async () => {
      const name = fresh();
      await apply(name, configuration(name, { paused: true }));
      const stated = (resourceVersion: string) => ({
        ...configuration(name, { paused: true, replicas: 0 }),
        metadata: { name, resourceVersion },
      });
      expect(await apply(name, stated('1'))).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      for (let tries = 0; ; tries += 1) {
        const { status } = await apply(name, stated((await get(name)).metadata.resourceVersion));
        if (status === 409 && tries < 50) continue;
        expect(status).toBe(200);
        break;
      }
    });

    it('of another uid is refused, also where nothing is', async () => {
      const name = fresh();
      await apply(name, configuration(name));
      const stated = { ...configuration(name, { replicas: 3 }), metadata: { name, uid: 'another' } };
      expect([409, 422]).toContain((await apply(name, stated)).status);
      const absent = fresh();
      const first = { ...configuration(absent), metadata: { name: absent, uid: 'another' } };
      expect((await apply(absent, first)).status).toBe(409);
    });

    it('dry-runs conflicts and creates alike, and stores nothing', async () => {
      const name = fresh();
      expect((await apply(name, configuration(name), 'first', { dryRun: 'All' })).status).toBe(201);
      expect((await get(name)).code).toBe(404);
      await apply(name, configuration(name, { replicas: 0 }));
      const changed = configuration(name, { replicas: 2 });
      expect((await apply(name, changed, 'second', { dryRun: 'All' })).status).toBe(409);
      expect((await apply(name, changed, 'first', { dryRun: 'All' })).body.spec.replicas).toBe(2);
      expect((await get(name)).spec.replicas).toBe(0);
    });

    it.each([
      ['no field manager', {}, { fieldManager: '' }, 422],
      ['managedFields in the configuration', { metadata: { managedFields: [] } }, {}, 400],
      ['a field that the kind does not have', { spec: { replica: 1 } }, {}, 500],
      ['another kind', { kind: 'StatefulSet' }, {}, 400],
      ['another name', { metadata: { name: 'other' } }, {}, 400],
    ])('refuses %s', async (_what, change: Answered, query, status) => {
      const name = fresh();
      const whole = configuration(name);
      const body = {
        ...whole,
        ...change,
        metadata: { ...whole.metadata, ...change.metadata },
        spec: { ...whole.spec, ...change.spec },
      };
      expect((await apply(name, body, 'first', query)).status).toBe(status);
    });
  });
}
