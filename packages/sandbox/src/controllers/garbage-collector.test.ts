import { describe, expect, it } from 'vitest';
import { type Propagation, requestDeletion } from '../deletion/request-deletion.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import { createDeployment, type TestCluster, testCluster } from './testing/cluster.ts';

const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);

function configMap(name: string, owners: readonly (KubeObject | string)[] = [], blockOwnerDeletion = true): NewObject {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    name: typeof owner === 'string' ? owner : owner.metadata.name,
    uid: typeof owner === 'string' ? owner : owner.metadata.uid,
    blockOwnerDeletion,
  }));
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'shop', name, ownerReferences } };
}

function maps(cluster: TestCluster) {
  const add = (...args: Parameters<typeof configMap>) => cluster.store.create('configmaps', configMap(...args));
  const remove = (name: string, propagation?: Propagation) => {
    const object = cluster.store.get('configmaps', 'shop', name);
    if (object === undefined) throw new Error(`no ${name}`);
    const request = { propagation, gracePeriodSeconds: undefined };
    return requestDeletion(cluster.store, 'configmaps', object, request, cluster.time.clock());
  };
  return { add, remove, left: () => names(cluster.store.list('configmaps', 'shop')) };
}

describe('the garbage collector', () => {
  it('deletes what the deleted owned, and what that owned, and nothing else', () => {
    const cluster = testCluster();
    const { add, remove, left } = maps(cluster);
    const owner = add('owner');
    add('grandchild', [add('child', [owner])]);
    add('stranger');
    expect(remove('owner')).toBeUndefined();
    cluster.settle();
    expect(left()).toEqual(['stranger']);
  });

  it('keeps what another owner still holds, without the reference to the deleted one', () => {
    const cluster = testCluster();
    const { add, remove, left } = maps(cluster);
    add('shared', [add('one'), add('two')]);
    cluster.settle();
    remove('one');
    cluster.settle();
    expect(cluster.store.get('configmaps', 'shop', 'shared')?.metadata.ownerReferences).toMatchObject([
      { name: 'two' },
    ]);
    remove('two');
    cluster.settle();
    expect(left()).toEqual([]);
  });

  it('Foreground: holds the owner until those that block it are gone', () => {
    const cluster = testCluster();
    const { add, remove, left } = maps(cluster);
    const owner = add('owner');
    const child = add('child', [owner]);
    cluster.store.update('configmaps', { ...child, metadata: { ...child.metadata, finalizers: ['example.com/hold'] } });
    expect(remove('owner', 'Foreground')?.metadata).toMatchObject({ finalizers: ['foregroundDeletion'] });
    cluster.settle();
    expect(left()).toEqual(['child', 'owner']);
    const held = cluster.store.get('configmaps', 'shop', 'child');
    expect(held?.metadata.deletionTimestamp).toBeDefined();
    if (held !== undefined)
      cluster.store.update('configmaps', { ...held, metadata: { ...held.metadata, finalizers: [] } });
    cluster.settle();
    expect(left()).toEqual([]);
  });

  it('Foreground: does not wait for those that do not block', () => {
    const cluster = testCluster();
    const { add, remove, left } = maps(cluster);
    const child = add('child', [add('owner')], false);
    cluster.store.update('configmaps', { ...child, metadata: { ...child.metadata, finalizers: ['example.com/hold'] } });
    remove('owner', 'Foreground');
    cluster.settle();
    expect(left()).toEqual(['child']);
  });

  it('Orphan: releases the dependents, then lets the owner go', () => {
    const cluster = testCluster();
    const { add, remove, left } = maps(cluster);
    add('child', [add('owner')]);
    expect(remove('owner', 'Orphan')?.metadata).toMatchObject({ finalizers: ['orphan'] });
    cluster.settle();
    expect(left()).toEqual(['child']);
    expect(cluster.store.get('configmaps', 'shop', 'child')?.metadata).not.toHaveProperty('ownerReferences');
  });

  it('takes away what is made for an owner that is not there', () => {
    const cluster = testCluster();
    const { add, left } = maps(cluster);
    add('lost', ['no-such-uid']);
    cluster.settle();
    expect(left()).toEqual([]);
  });

  it.each(['Background', 'Foreground'] as const)(
    '%s: takes a Deployment’s ReplicaSets and lets its pods end',
    (how) => {
      const cluster = testCluster();
      createDeployment(cluster);
      cluster.settle();
      const request = { propagation: how, gracePeriodSeconds: undefined };
      requestDeletion(cluster.store, 'deployments.apps', cluster.deployment(), request, cluster.time.clock());
      cluster.time.advance(50);
      expect(cluster.pods().map(({ metadata }) => metadata.deletionTimestamp !== undefined)).toEqual([true, true]);
      expect(cluster.store.get('deployments.apps', 'shop', 'web') !== undefined).toBe(how === 'Foreground');
      cluster.settle();
      expect([cluster.pods(), cluster.store.list('replicasets.apps'), cluster.store.list('deployments.apps')]).toEqual([
        [],
        [],
        [],
      ]);
      expect(cluster.errors).toEqual([]);
    },
  );

  it('Orphan leaves a Deployment’s ReplicaSet and pods running', () => {
    const cluster = testCluster();
    createDeployment(cluster);
    cluster.settle();
    const request = { propagation: 'Orphan', gracePeriodSeconds: undefined } as const;
    requestDeletion(cluster.store, 'deployments.apps', cluster.deployment(), request, cluster.time.clock());
    cluster.settle();
    expect(cluster.store.list('deployments.apps')).toEqual([]);
    expect([cluster.store.list('replicasets.apps').length, cluster.pods().length]).toEqual([1, 2]);
  });
});

describe('a deletion of a pod', () => {
  it('is graceful once it is bound, at once before, and at once with no grace', () => {
    const cluster = testCluster();
    const pod = (name: string, spec: object = {}): KubeObject =>
      cluster.store.create('pods', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { namespace: 'shop', name },
        spec: { containers: [{ name: 'main', image: 'good:1' }], ...spec },
      });
    const remove = (object: KubeObject, gracePeriodSeconds?: number) =>
      requestDeletion(
        cluster.store,
        'pods',
        object,
        { propagation: undefined, gracePeriodSeconds },
        cluster.time.clock(),
      );
    const bound = { nodeName: 'elsewhere', terminationGracePeriodSeconds: 7 };
    expect(remove(pod('bound', bound))?.metadata.deletionGracePeriodSeconds).toBe(7);
    expect(remove(pod('given', bound), 3)?.metadata.deletionGracePeriodSeconds).toBe(3);
    expect(remove(pod('forced', bound), 0)).toBeUndefined();
    expect(remove(pod('unbound'))).toBeUndefined();
  });
});
