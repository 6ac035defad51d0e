/** What dry-run equality, freshness and the write rest on. */
import { describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import { DRY, MARK, marked, newMark, OURS, workbench } from './some-deployment.ts';

/** Independent of the adapter's own: what may differ between a dry run and the write of the same body. */
function withoutMoving(object: Answered): Answered {
  const { status: _status, ...rest } = structuredClone(object);
  delete rest.metadata.resourceVersion;
  rest.metadata.managedFields = rest.metadata.managedFields
    .filter((entry: Answered) => entry.subresource !== 'status')
    .map(({ time: _time, ...entry }: Answered) => JSON.stringify(entry))
    .sort();
  return rest;
}
const imageOf = (object: Answered, name: string): string =>
  object.spec.template.spec.containers.find((container: Answered) => container.name === name)?.image;

const ADDED = { name: 'added', image: 'redis:7.4-alpine' };

export function writeContract(cluster: UnderTest): void {
  const { create, get, patch, change } = workbench(cluster);

  describe('a dry run', () => {
    it('stores nothing', async () => {
      const { metadata } = await create();
      const before = await get(metadata.name);
      const dry = await change('proposer', metadata.name, { paused: true }, DRY);
      expect(dry).toMatchObject({ status: 200, body: { spec: { paused: true } } });
      expect(withoutMoving(await get(metadata.name))).toEqual(withoutMoving(before));
    });

    it.each([
      ['replicas', { replicas: 2 }],
      ['an image', { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.26-alpine' }] } } }],
      [
        'an annotation of the template',
        { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-20T10:00:00Z' } } } },
      ],
    ])('of %s answers what the write answers, under another identity', async (_what, spec) => {
      const { metadata } = await create();
      const mark = newMark();
      const proposed = await change('proposer', metadata.name, spec, DRY, mark);
      const executed = await change('executor', metadata.name, spec, DRY, mark);
      const written = await change('executor', metadata.name, spec, OURS, mark);
      expect([proposed.status, executed.status, written.status]).toEqual([200, 200, 200]);
      expect(withoutMoving(proposed.body)).toEqual(withoutMoving(executed.body));
      expect(withoutMoving(written.body)).toEqual(withoutMoving(executed.body));
      expect(written.body.metadata.resourceVersion).not.toBe(executed.body.metadata.resourceVersion);
    });

    it('asked for in any other spelling is refused, lest it be a write', async () => {
      const { metadata } = await create();
      const answer = await patch('user', metadata.name, { spec: { replicas: 3 } }, { ...OURS, dryRun: 'all' });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect((await get(metadata.name)).spec.replicas).toBe(0);
    });
  });

  describe('a precondition in the body of a patch', () => {
    it.each([
      ['a dry run', DRY],
      ['a write', OURS],
    ])('refuses %s of another resourceVersion with 409, and changes nothing', async (_what, query) => {
      const { metadata } = await create();
      await patch('user', metadata.name, { metadata: { labels: { note: 'between' } } });
      const before = await get(metadata.name);
      const answer = await patch('executor', metadata.name, marked(metadata.resourceVersion, { replicas: 3 }), query);
      expect(answer).toMatchObject({ status: 409, body: { kind: 'Status', reason: 'Conflict' } });
      expect(withoutMoving(await get(metadata.name))).toEqual(withoutMoving(before));
    });

    it('refuses a write of another uid', async () => {
      const { metadata } = await create();
      const answer = await patch(
        'executor',
        metadata.name,
        { metadata: { uid: 'another', annotations: { [MARK]: newMark() } }, spec: { replicas: 3 } },
        OURS,
      );
      expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
      expect(answer.body.details.causes).toEqual([expect.objectContaining({ field: 'metadata.uid' })]);
      expect((await get(metadata.name)).spec.replicas).toBe(0);
    });

    it('lets pass its own uid', async () => {
      const { metadata } = await create();
      const body = { metadata: { uid: metadata.uid, annotations: { [MARK]: newMark() } }, spec: { replicas: 1 } };
      expect((await patch('executor', metadata.name, body, OURS)).status).toBe(200);
    });
  });

  describe('generation', () => {
    const generations = async (body: object): Promise<number> => {
      const { metadata } = await create();
      const before = (await get(metadata.name)).metadata.generation;
      await patch('user', metadata.name, body);
      return (await get(metadata.name)).metadata.generation - before;
    };
    it('moves with the spec', async () => expect(await generations({ spec: { paused: true } })).toBe(1));
    it('moves with an annotation of a Deployment', async () =>
      expect(await generations({ metadata: { annotations: { note: 'x' } } })).toBe(1));
    it('stays with a label', async () => expect(await generations({ metadata: { labels: { note: 'x' } } })).toBe(0));
    it('stays with a status, which a patch of the object does not reach', async () =>
      expect(await generations({ status: { replicas: 9 } })).toBe(0));
    it('moves once with a change and an annotation together', async () =>
      expect(await generations({ metadata: { annotations: { note: 'x' } }, spec: { paused: true } })).toBe(1));
    it('and version stay with a patch that changes nothing', async () => {
      const { metadata } = await create();
      const before = await get(metadata.name);
      await patch('user', metadata.name, { spec: { replicas: 0 } });
      expect((await get(metadata.name)).metadata).toMatchObject({ generation: before.metadata.generation });
    });
  });

  describe('a strategic merge patch', () => {
    it('merges containers by name, and leaves the others and their members alone', async () => {
      const { metadata } = await create();
      await patch('user', metadata.name, {
        spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.26-alpine' }] } } },
      });
      const { spec } = await get(metadata.name);
      expect(spec.template.spec.containers.map(({ name }: Answered) => name)).toEqual(['web', 'side']);
      expect(spec.template.spec.containers[0]).toMatchObject({
        image: 'nginx:1.26-alpine',
        env: [{ name: 'KEEP', value: 'me' }],
      });
    });

    it.each([
      ['what it does not know in front', { containers: [ADDED] }, ['added', 'web', 'side']],
      [
        'what it names where it stood',
        { containers: [{ name: 'side', image: 'redis:7.2-alpine' }, ADDED] },
        ['web', 'side', 'added'],
      ],
      [
        'all in the order that it asks for, and what that does not name by where it stood',
        { containers: [ADDED], '$setElementOrder/containers': [{ name: 'side' }, { name: 'added' }] },
        ['web', 'side', 'added'],
      ],
      [
        'all in an order that is another one',
        { containers: [ADDED], '$setElementOrder/containers': [{ name: 'side' }, { name: 'added' }, { name: 'web' }] },
        ['side', 'added', 'web'],
      ],
    ])('puts %s', async (_what, spec, names) => {
      const { metadata } = await create();
      const { body } = await change('executor', metadata.name, { template: { spec } }, DRY);
      expect(body.spec.template.spec.containers.map(({ name }: Answered) => name)).toEqual(names);
    });

    it('adds a container that it does not know: the reason why an unknown name is refused before', async () => {
      const { metadata } = await create();
      const dry = await patch(
        'proposer',
        metadata.name,
        { spec: { template: { spec: { containers: [{ name: 'new', image: 'x:1' }] } } } },
        DRY,
      );
      expect(imageOf(dry.body, 'new')).toBe('x:1');
    });
  });

  it('records our field manager as the owner of what we change, and takes it from whoever had it', async () => {
    const { metadata } = await create();
    const { body } = await change('executor', metadata.name, { replicas: 1 });
    const owners = body.metadata.managedFields.filter(
      (entry: Answered) => entry.fieldsV1?.['f:spec']?.['f:replicas'] !== undefined,
    );
    expect(owners.map(({ manager, operation }: Answered) => [manager, operation])).toEqual([['countersign', 'Update']]);
  });

  it('answers a Status with its reason for what is not there', async () => {
    expect(await cluster().call('reader', { path: '/apis/apps/v1/namespaces/shop/deployments/nobody' })).toMatchObject({
      status: 404,
      body: { kind: 'Status', reason: 'NotFound' },
    });
  });
}
