/** What controllers do with what we write: revisions, copied annotations, generations; and that the guards do not stand in their way. */
import { describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import {
  configMaps,
  deploymentPath,
  MARK,
  newMark,
  newName,
  seenByItsController,
  workbench,
} from './some-deployment.ts';

const REVISION = 'deployment.kubernetes.io/revision';

export function rolloutContract(cluster: UnderTest): void {
  const { create, get, patch, change } = workbench(cluster);
  const { createConfigMap, configMapPath } = configMaps(cluster);
  const setsOf = async (name: string): Promise<Answered[]> => {
    const path = '/apis/apps/v1/namespaces/shop/replicasets';
    return (await cluster().call('user', { path, query: { labelSelector: `app=${name}` } })).body.items;
  };
  const image = (tag: string) => ({ template: { spec: { containers: [{ name: 'web', image: `nginx:${tag}` }] } } });
  const imageOf = (object: Answered): string => object.spec.template.spec.containers[0].image;

  describe('a rollout', () => {
    it('makes a new ReplicaSet, numbers it, and keeps the old one for the way back', async () => {
      const { metadata } = await create();
      expect((await change('executor', metadata.name, image('1.26-alpine'))).status).toBe(200);
      const after = await seenByItsController(cluster, metadata.name);
      expect(after.metadata.annotations[REVISION]).toBe('2');
      const revisions = (await setsOf(metadata.name)).map((set) => [set.metadata.annotations[REVISION], imageOf(set)]);
      expect(revisions.sort()).toEqual([
        ['1', 'nginx:1.27-alpine'],
        ['2', 'nginx:1.26-alpine'],
      ]);
    });

    it('copies our mark to the ReplicaSet, by the controller, which no policy of ours stops', async () => {
      const { metadata } = await create();
      const mark = newMark();
      expect((await change('executor', metadata.name, image('1.26-alpine'), undefined, mark)).status).toBe(200);
      await seenByItsController(cluster, metadata.name);
      const marks = (await setsOf(metadata.name)).map((set) => [imageOf(set), set.metadata.annotations[MARK]]);
      expect(marks).toContainEqual(['nginx:1.26-alpine', mark]);
    });

    it('can be undone by whoever may, as `kubectl rollout undo` does: the old template and its annotations in one patch', async () => {
      const { metadata } = await create();
      await change('executor', metadata.name, image('1.26-alpine'));
      await seenByItsController(cluster, metadata.name);
      const old = (await setsOf(metadata.name)).find((set) => set.metadata.annotations[REVISION] === '1');
      const { 'pod-template-hash': _hash, ...labels } = old.spec.template.metadata.labels;
      const template = { ...old.spec.template, metadata: { ...old.spec.template.metadata, labels } };
      const answer = await patch(
        'user',
        metadata.name,
        [
          { op: 'replace', path: '/spec/template', value: template },
          { op: 'replace', path: '/metadata/annotations', value: {} },
        ],
        {},
        'application/json-patch+json',
      );
      expect(answer.status).toBe(200);
      const undone = await seenByItsController(cluster, metadata.name, '3');
      expect(imageOf(undone)).toBe('nginx:1.27-alpine');
      // The old ReplicaSet serves again, under the next number: no third one.
      const numbers = (await setsOf(metadata.name)).map((set) => set.metadata.annotations[REVISION]);
      expect(numbers.sort()).toEqual(['2', '3']);
    });

    it('of an annotation of the Deployment alone makes no new ReplicaSet', async () => {
      const { metadata } = await create();
      await patch('user', metadata.name, { metadata: { annotations: { note: 'x' } } });
      await seenByItsController(cluster, metadata.name);
      expect(await setsOf(metadata.name)).toHaveLength(1);
    });
  });

  describe('the revision annotation', () => {
    it('is written by kube-controller-manager, through /status', async () => {
      const { metadata } = await create();
      const owners = metadata.managedFields.filter(
        (entry: Answered) => entry.fieldsV1['f:metadata']?.['f:annotations']?.[`f:${REVISION}`] !== undefined,
      );
      expect(owners.map(({ manager, operation, subresource }: Answered) => [manager, operation, subresource])).toEqual([
        ['kube-controller-manager', 'Update', 'status'],
      ]);
    });

    it('can be changed by a write of the object, and the controller puts it right', async () => {
      const { metadata } = await create();
      await patch('user', metadata.name, { metadata: { annotations: { [REVISION]: '77' } } });
      const after = await seenByItsController(cluster, metadata.name, '1');
      expect(after.metadata.annotations[REVISION]).toBe('1');
    });
  });

  describe('a write of /status', () => {
    const writeStatus = async (body: object): Promise<Answered> => {
      const { metadata } = await create();
      const path = `${deploymentPath(metadata.name)}/status`;
      expect((await cluster().call('user', { method: 'PATCH', path, body })).status).toBe(200);
      return get(metadata.name);
    };

    it('changes neither spec nor labels', async () => {
      const after = await writeStatus({ metadata: { labels: { note: 'by-status' } }, spec: { paused: true } });
      expect([after.metadata.labels.note, after.spec.paused]).toEqual([undefined, undefined]);
    });

    it('changes annotations, the revision among them: a number there proves nothing', async () => {
      const after = await writeStatus({ metadata: { annotations: { note: 'by status', [REVISION]: '77' } } });
      expect(after.metadata.annotations).toEqual(expect.objectContaining({ note: 'by status' }));
      expect(['1', '77']).toContain(after.metadata.annotations[REVISION]);
    });

    it('leaves generation alone, whatever it changes', async () => {
      const after = await writeStatus({ metadata: { annotations: { note: 'by status' } }, status: { replicas: 0 } });
      expect(after.metadata.generation).toBe(1);
    });

    it('owns what it changes under the subresource status', async () => {
      const { metadata } = await writeStatus({ metadata: { annotations: { note: 'by status' } } });
      const owners = metadata.managedFields.filter(
        (entry: Answered) => entry.fieldsV1['f:metadata']?.['f:annotations']?.['f:note'] !== undefined,
      );
      expect(owners.map(({ subresource }: Answered) => subresource)).toEqual(['status']);
    });
  });

  describe('generation', () => {
    it('is none of a ConfigMap', async () => {
      const { metadata } = await createConfigMap();
      expect(metadata.generation).toBeUndefined();
      const { body } = await cluster().call('user', {
        method: 'PATCH',
        path: configMapPath(metadata.name),
        body: { data: { a: '1' } },
      });
      expect(body.metadata.generation).toBeUndefined();
      expect(body.metadata.resourceVersion).not.toBe(metadata.resourceVersion);
    });

    it.each([
      [
        'Service',
        '/api/v1/namespaces/shop/services',
        'v1',
        { ports: [{ port: 80 }] },
        { ports: [{ port: 80, targetPort: 8080 }] },
      ],
      ['StatefulSet', '/apis/apps/v1/namespaces/shop/statefulsets', 'apps/v1', workload(), { replicas: 3 }],
      ['DaemonSet', '/apis/apps/v1/namespaces/shop/daemonsets', 'apps/v1', workload(), { minReadySeconds: 1 }],
    ] as const)('of a %s is what freshness takes it for', async (kind, collection, apiVersion, spec, changed) => {
      const name = newName();
      const path = `${collection}/${name}`;
      const created = await cluster().call('user', {
        method: 'POST',
        path: collection,
        body: { apiVersion, kind, metadata: { name }, spec },
      });
      expect(created.status).toBe(201);
      const write = async (body: object) =>
        (await cluster().call('user', { method: 'PATCH', path, body, query: { dryRun: 'All' } })).body.metadata
          .generation;
      const generations = {
        atFirst: created.body.metadata.generation,
        withSpec: await write({ spec: changed }),
        withAnnotation: await write({ metadata: { annotations: { note: 'x' } } }),
      };
      await cluster().call('user', { method: 'DELETE', path });
      expect(generations).toEqual(GENERATIONS[kind]);
    });
  });
}

const GENERATIONS = {
  Service: { atFirst: undefined, withSpec: undefined, withAnnotation: undefined },
  StatefulSet: { atFirst: 1, withSpec: 2, withAnnotation: 1 },
  DaemonSet: { atFirst: 1, withSpec: 2, withAnnotation: 1 },
};

/** What StatefulSets and DaemonSets have in common; nothing is selected that exists. */
function workload(): object {
  const labels = { app: 'generation' };
  return {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine' }] } },
  };
}
