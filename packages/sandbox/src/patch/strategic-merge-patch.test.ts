import { describe, expect, it } from 'vitest';
import { schemaOf } from '../schema/type-table.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const types = {
  pod: schemaOf({ group: '', version: 'v1', kind: 'Pod' }),
  service: schemaOf({ group: '', version: 'v1', kind: 'Service' }),
  deployment: schemaOf({ group: 'apps', version: 'v1', kind: 'Deployment' }),
};
const patched = (target: unknown, patch: unknown, type: keyof typeof types = 'pod'): unknown =>
  strategicMergePatch(target, patch, types[type]);

const pod = {
  spec: {
    containers: [
      {
        name: 'web',
        image: 'web:1',
        env: [{ name: 'A', value: '1' }],
        ports: [{ containerPort: 80, protocol: 'TCP' }],
      },
      { name: 'side', image: 'side:1', args: ['a', 'b'] },
    ],
    tolerations: [{ key: 'x', operator: 'Exists' }],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

const containers = (patched: unknown) => (patched as typeof pod).spec.containers;

describe('a strategic merge patch', () => {
  it('merges containers by name and leaves the others as they are', () => {
    const result = patched(pod, { spec: { containers: [{ name: 'web', image: 'web:2' }] } });
    expect(containers(result)).toEqual([{ ...pod.spec.containers[0], image: 'web:2' }, pod.spec.containers[1]]);
  });

  it('merges env by name, ports by containerPort and volumeMounts by mountPath inside a container', () => {
    const change = {
      name: 'web',
      env: [{ name: 'B', value: '2' }],
      ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }],
      volumeMounts: [{ mountPath: '/data', name: 'data' }],
    };
    expect(containers(patched(pod, { spec: { containers: [change] } }))[0]).toEqual({
      name: 'web',
      image: 'web:1',
      // What is new comes first, as on a real API server.
      env: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }, { containerPort: 81 }],
      volumeMounts: [{ mountPath: '/data', name: 'data' }],
    });
  });

  it('merges the ports of a Service by port', () => {
    const service = { spec: { ports: [{ port: 80, targetPort: 8080, name: 'http' }] } };
    expect(patched(service, { spec: { ports: [{ port: 80, targetPort: 9090 }] } }, 'service')).toEqual({
      spec: { ports: [{ port: 80, targetPort: 9090, name: 'http' }] },
    });
  });

  it('replaces lists without a key whole: tolerations, args', () => {
    const result = patched(pod, {
      spec: { tolerations: [{ key: 'y' }], containers: [{ name: 'side', args: ['c'] }] },
    });
    expect(result).toMatchObject({ spec: { tolerations: [{ key: 'y' }] } });
    expect(containers(result)[1]).toEqual({ name: 'side', image: 'side:1', args: ['c'] });
  });

  it('deletes the element that $patch: delete names', () => {
    const result = patched(pod, { spec: { containers: [{ $patch: 'delete', name: 'side' }] } });
    expect(containers(result).map((container) => container.name)).toEqual(['web']);
  });

  it('replaces a list that carries $patch: replace, and an object', () => {
    const result = patched(pod, {
      spec: { containers: [{ name: 'new', image: 'new:1' }, { $patch: 'replace' }] },
    });
    expect(containers(result)).toEqual([{ name: 'new', image: 'new:1' }]);
    expect(patched({ a: { b: 1, c: 2 } }, { a: { $patch: 'replace', c: 3 } })).toEqual({ a: { c: 3 } });
    expect(patched({ a: { b: 1 }, d: 1 }, { a: { $patch: 'delete' } })).toEqual({ d: 1 });
  });

  it('removes a member that is null, in elements of keyed lists too', () => {
    const result = patched(pod, { spec: { volumes: null, containers: [{ name: 'side', args: null }] } });
    expect(result).not.toHaveProperty('spec.volumes');
    expect(containers(result)[1]).toEqual({ name: 'side', image: 'side:1' });
  });

  it('orders elements by $setElementOrder, and strangers by where they stood', () => {
    const three = { spec: { containers: [{ name: 'a' }, { name: 'injected' }, { name: 'b' }] } };
    const result = patched(three, {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'new' }, { name: 'a' }],
        containers: [{ name: 'new' }],
      },
    });
    expect((result as typeof three).spec.containers.map((one) => one.name)).toEqual(['injected', 'b', 'new', 'a']);
  });

  it('keeps only what $retainKeys names, as a change of the update strategy needs', () => {
    const deployment = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    expect(
      patched(deployment, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }, 'deployment'),
    ).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
  });

  it('treats finalizers as a set, with $deleteFromPrimitiveList', () => {
    const object = { metadata: { finalizers: ['a', 'b'] } };
    expect(patched(object, { metadata: { finalizers: ['b', 'c'] } })).toEqual({
      metadata: { finalizers: ['a', 'b', 'c'] },
    });
    expect(patched(object, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } })).toEqual({
      metadata: { finalizers: ['b'] },
    });
  });

  it('refuses an element without its key, an unknown directive and a patch that is no object', () => {
    expect(() => patched(pod, { spec: { containers: [{ image: 'x' }] } })).toThrow(
      'does not contain declared merge key: name',
    );
    expect(() => patched(pod, { spec: { $patch: 'explode' } })).toThrow('unknown $patch directive');
    expect(() => patched(pod, [])).toThrow('must be an object');
  });

  it('changes neither the object nor the patch', () => {
    const frozen = Object.freeze({ a: Object.freeze({ b: 1 }) });
    expect(patched(frozen, Object.freeze({ a: Object.freeze({ c: 2 }) }))).toEqual({ a: { b: 1, c: 2 } });
    expect(frozen).toEqual({ a: { b: 1 } });
  });
});
