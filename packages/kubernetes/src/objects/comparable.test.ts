import { canonicalize, type Json } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEntry, scaleEntry, someDeployment, statusEntry, stepOf } from '../testing/objects.ts';
import { changedPaths } from './changed-paths.ts';
import { comparable, ignoredPathsOf } from './comparable.ts';

const same = (a: Json, b: Json): boolean => canonicalize(comparable(a)) === canonicalize(comparable(b));

describe('comparable', () => {
  it.each([
    [
      'resourceVersion',
      (d) => {
        d.metadata.resourceVersion = '131';
      },
    ],
    [
      'status',
      (d) => {
        d.status = { replicas: 0 };
      },
    ],
    [
      'the absence of a status',
      (d) => {
        Reflect.deleteProperty(d, 'status');
      },
    ],
    [
      'an entry of subresource status',
      (d) => {
        d.metadata.managedFields = [createEntry];
      },
    ],
    [
      'the time of another entry',
      (d) => {
        d.metadata.managedFields = [{ ...(createEntry as object), time: '2027-01-01T00:00:00Z' }, statusEntry];
      },
    ],
  ] as [string, Parameters<typeof someDeployment>[0]][])('leaves out %s', (_what, change) => {
    expect(same(someDeployment(change), someDeployment())).toBe(true);
  });

  it.each([
    [
      'uid',
      (d) => {
        d.metadata.uid = 'another';
      },
    ],
    [
      'creationTimestamp',
      (d) => {
        d.metadata.creationTimestamp = '2020-01-01T00:00:00Z';
      },
    ],
    [
      'generation',
      (d) => {
        d.metadata.generation = 8;
      },
    ],
    [
      'a label',
      (d) => {
        d.metadata.labels = { app: 'other' };
      },
    ],
    [
      'an annotation',
      (d) => {
        d.metadata.annotations.note = '';
      },
    ],
    [
      'deletionTimestamp',
      (d) => {
        d.metadata.deletionTimestamp = '2026-11-20T10:00:00Z';
      },
    ],
    [
      'the fields of an entry',
      (d) => {
        d.metadata.managedFields = [{ ...(createEntry as object), fieldsV1: {} }, statusEntry];
      },
    ],
    [
      'another manager',
      (d) => {
        d.metadata.managedFields.push({ ...(createEntry as object), manager: 'kubectl-edit' });
      },
    ],
    [
      'an image',
      (d) => {
        Object.assign(d.spec.template.spec.containers[0] ?? {}, { image: 'nginx:1.28' });
      },
    ],
    [
      'the order of containers',
      (d) => {
        d.spec.template.spec.containers.reverse();
      },
    ],
    [
      'replicas',
      (d) => {
        d.spec.replicas = 3;
      },
    ],
    [
      'a member called status further down',
      (d) => {
        d.spec.template.metadata.annotations.status = 'x';
      },
    ],
  ] as [string, Parameters<typeof someDeployment>[0]][])('keeps %s', (_what, change) => {
    expect(same(someDeployment(change), someDeployment())).toBe(false);
  });

  it('does not see the order of managedFields, which follows the times that it leaves out', () => {
    const reordered = someDeployment((d) => {
      d.metadata.managedFields.reverse();
    });
    expect(same(reordered, someDeployment())).toBe(true);
  });

  it('leaves out replicas and generation only where an autoscaler owns the replicas', () => {
    const scaled = (replicas: number, generation: number, entry: Json): Json =>
      someDeployment((d) => {
        d.metadata.managedFields.push(entry);
        d.metadata.generation = generation;
        d.spec.replicas = replicas;
      });
    expect(same(scaled(2, 7, scaleEntry), scaled(5, 9, scaleEntry))).toBe(true);
    const byHand = { ...(scaleEntry as object), manager: 'kubectl' } as Json;
    expect(same(scaled(2, 7, byHand), scaled(5, 9, byHand))).toBe(false);
    const ignored = (object: Json) => ignoredPathsOf([{ step: stepOf({ type: 'scale', replicas: 2 }), object }]).paths;
    expect(ignored(scaled(2, 7, scaleEntry))).toContain('/spec/replicas');
    expect(ignored(scaled(2, 7, byHand))).not.toContain('/spec/replicas');
  });

  it('is named for a plan of several steps so that no path is left out of more steps than it says', () => {
    const change = { step: stepOf({ type: 'scale', replicas: 2 }), object: someDeployment() };
    const create = { step: stepOf({ type: 'apply', manifest: {} }, null), object: someDeployment() };
    expect(ignoredPathsOf([change, change])).toEqual(ignoredPathsOf([change]));
    const { paths } = ignoredPathsOf([change, create]);
    expect(paths).toContain('/metadata/resourceVersion');
    expect(paths).toContain('/[step=2]/metadata/uid');
    expect(paths).not.toContain('/metadata/uid');
    expect(ignoredPathsOf([create]).paths).toContain('/metadata/uid');
  });

  it('leaves out identity and addresses of what is created, and only there', () => {
    const service = (over: object): Json =>
      ({
        metadata: { uid: 'a', creationTimestamp: 'x', ...over },
        spec: { clusterIP: '10.0.0.1', ports: [{ port: 80, nodePort: 31000 }] },
      }) as Json;
    const other = {
      metadata: { uid: 'b', creationTimestamp: 'y' },
      spec: { clusterIP: '10.0.0.2', ports: [{ port: 80, nodePort: 32000 }] },
    };
    expect(comparable(service({}), 'create')).toEqual(comparable(other, 'create'));
    expect(changedPaths(comparable(service({})), comparable(other))).toEqual([
      '/metadata/uid',
      '/metadata/creationTimestamp',
      '/spec/clusterIP',
      '/spec/ports/0/nodePort',
    ]);
    const deleted = service({ deletionTimestamp: 'z' });
    expect(comparable(deleted, 'delete')).toEqual(comparable(service({}), 'delete'));
    expect(comparable(deleted, 'create')).not.toEqual(comparable(service({}), 'create'));
  });

  it('never changes its argument', () => {
    const object = someDeployment();
    const before = JSON.stringify(object);
    comparable(object);
    expect(JSON.stringify(object)).toBe(before);
  });

  it('sees every single changed leaf outside its list', () => {
    const leaves = leafPaths(someDeployment()).filter((path) => !IGNORED_LEAF.test(path.join('/')));
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.oneof(fc.string(), fc.integer(), fc.constant(null)), (path, value) => {
        const original = someDeployment();
        const changed = setAt(original, path, value);
        fc.pre(canonicalize(original) !== canonicalize(changed));
        expect(same(original, changed)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

const IGNORED_LEAF = /^(status|metadata\/resourceVersion|metadata\/managedFields\/1|metadata\/managedFields\/0\/time)/;

function leafPaths(value: Json, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leafPaths(item as Json, [...path, key]));
}

function setAt(value: Json, [token, ...rest]: readonly string[], leaf: Json): Json {
  if (token === undefined) return leaf;
  const copy = structuredClone(value) as { [key: string]: Json };
  copy[token] = setAt(copy[token] ?? null, rest, leaf);
  return copy;
}
