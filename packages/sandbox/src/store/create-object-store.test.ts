import { describe, expect, it } from 'vitest';
import { createObjectStore } from './create-object-store.ts';
import type { KubeObject, StoreEvent } from './object-store.ts';

function newStore() {
  let uids = 0;
  const ids = { uid: () => `uid-${++uids}`, suffix: () => 'abcde' };
  const store = createObjectStore({ clock: () => new Date('2026-01-02T03:04:05.678Z'), ids });
  const events: StoreEvent[] = [];
  store.subscribe((event) => events.push(event));
  return { store, events };
}

const deployment = (spec: Record<string, unknown> = { replicas: 1 }) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});

const configMap = (name: string, owner?: KubeObject) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    namespace: 'shop',
    ...(owner === undefined
      ? {}
      : {
          ownerReferences: [
            { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid },
          ],
        }),
  },
});

describe('the store', () => {
  it('fills identity, times and generation on create, and hands out objects that nobody can change', () => {
    const { store } = newStore();
    const created = store.create('deployments.apps', deployment());
    expect(created.metadata).toMatchObject({ uid: 'uid-1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z' });
    expect(Object.isFrozen(created)).toBe(true);
    expect(Object.isFrozen(created.metadata.labels ?? created.spec)).toBe(true);
    expect(store.create('configmaps', configMap('settings')).metadata.generation).toBeUndefined();
  });

  it('names an object after generateName', () => {
    const { store } = newStore();
    const created = store.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'web-', namespace: 'shop' },
    });
    expect(created.metadata.name).toBe('web-abcde');
  });

  it('refuses a second object of the same name', () => {
    const { store } = newStore();
    store.create('deployments.apps', deployment());
    expect(() => store.create('deployments.apps', deployment())).toThrow('deployments.apps "web" already exists');
  });

  it('refuses an update that carries an old resourceVersion or another uid', () => {
    const { store } = newStore();
    const first = store.create('deployments.apps', deployment());
    store.update('deployments.apps', { ...first, spec: { replicas: 2 } });
    expect(() => store.update('deployments.apps', { ...first, spec: { replicas: 3 } })).toThrow(
      'the object has been modified',
    );
    const other = { ...first, metadata: { ...first.metadata, resourceVersion: '', uid: 'other' } };
    expect(() => store.update('deployments.apps', other)).toThrow('UID in precondition: other');
  });

  it('raises generation for a changed spec only, and ignores status outside the status subresource', () => {
    const { store } = newStore();
    const first = store.create('deployments.apps', deployment());
    const labelled = store.update('deployments.apps', {
      ...first,
      metadata: { ...first.metadata, labels: { tier: 'front' } },
      status: { replicas: 9 },
    });
    expect(labelled.metadata.generation).toBe(1);
    expect(labelled.metadata.resourceVersion).not.toBe(first.metadata.resourceVersion);
    expect(labelled.status).toBeUndefined();
    const scaled = store.update('deployments.apps', { ...labelled, spec: { replicas: 2 } });
    expect(scaled.metadata.generation).toBe(2);
    const reported = store.update(
      'deployments.apps',
      { ...scaled, spec: { replicas: 7 }, status: { replicas: 2 } },
      { subresource: 'status' },
    );
    expect(reported).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2 }, metadata: { generation: 2 } });
  });

  it('counts a changed annotation as a change of the spec where the writer asks for it, as the API does for Deployments', () => {
    const { store } = newStore();
    const first = store.create('deployments.apps', deployment());
    const annotated = { ...first, metadata: { ...first.metadata, annotations: { note: 'x' } } };
    expect(store.update('deployments.apps', annotated, { annotationsBumpGeneration: true }).metadata.generation).toBe(
      2,
    );
  });

  it('treats an update that changes nothing as no write', () => {
    const { store, events } = newStore();
    const first = store.create('deployments.apps', deployment());
    const again = store.update('deployments.apps', { ...first, metadata: { ...first.metadata, resourceVersion: '' } });
    expect(again).toBe(first);
    expect(events).toHaveLength(1);
  });

  it('stores nothing on a dry run and answers what the write would answer', () => {
    const { store, events } = newStore();
    const dry = store.create('deployments.apps', deployment(), { dryRun: true });
    expect(dry.metadata).toMatchObject({ generation: 1, resourceVersion: '' });
    expect(store.list('deployments.apps')).toEqual([]);
    const first = store.create('deployments.apps', deployment());
    const scaled = store.update('deployments.apps', { ...first, spec: { replicas: 5 } }, { dryRun: true });
    expect(scaled).toMatchObject({
      spec: { replicas: 5 },
      metadata: { generation: 2, resourceVersion: first.metadata.resourceVersion },
    });
    store.delete('deployments.apps', 'shop', 'web', { dryRun: true });
    expect(store.get('deployments.apps', 'shop', 'web')).toBe(first);
    expect(events).toHaveLength(1);
  });

  it('deletes the object and nothing else: what it owns is the garbage collector’s affair', () => {
    const { store, events } = newStore();
    const owner = store.create('deployments.apps', deployment());
    store.create('configmaps', configMap('child', owner));
    store.delete('deployments.apps', 'shop', 'web');
    expect(store.list('configmaps', 'shop')).toHaveLength(1);
    expect(events.filter((event) => event.type === 'DELETED')).toHaveLength(1);
  });

  it('keeps an object with finalizers until the last one is gone', () => {
    const { store } = newStore();
    const held = {
      ...configMap('held'),
      metadata: { ...configMap('held').metadata, finalizers: ['example.com/hold'] },
    };
    const first = store.create('configmaps', held);
    const deleting = { ...first.metadata, deletionTimestamp: '2026-01-02T03:04:05Z', deletionGracePeriodSeconds: 0 };
    const marked = store.update('configmaps', { ...first, metadata: deleting });
    expect(store.get('configmaps', 'shop', 'held')).toBe(marked);
    store.update('configmaps', { ...marked, metadata: { ...marked.metadata, finalizers: [] } });
    expect(store.get('configmaps', 'shop', 'held')).toBeUndefined();
  });

  it('tells every listener of the writes in their order, also when a listener writes', () => {
    const { store } = newStore();
    store.subscribe((event) => {
      if (event.object.metadata.name === 'first') store.create('configmaps', configMap('second'));
    });
    const heard: string[] = [];
    store.subscribe((event) => heard.push(event.object.metadata.name));
    store.create('configmaps', configMap('first'));
    expect(heard).toEqual(['first', 'second']);
  });

  it('gives a deletion a resourceVersion of its own', () => {
    const { store } = newStore();
    const created = store.create('configmaps', configMap('gone'));
    const deleted = store.delete('configmaps', 'shop', 'gone');
    expect(Number(deleted.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion));
    expect(store.resourceVersion).toBe(deleted.metadata.resourceVersion);
  });
});
