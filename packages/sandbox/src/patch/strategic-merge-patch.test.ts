import { describe, expect, it } from 'vitest';
import { strategicMergePatch } from './strategic-merge-patch.ts';

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
    const patched = strategicMergePatch(pod, { spec: { containers: [{ name: 'web', image: 'web:2' }] } });
    expect(containers(patched)).toEqual([{ ...pod.spec.containers[0], image: 'web:2' }, pod.spec.containers[1]]);
  });

  it('merges env by name, ports by containerPort and volumeMounts by mountPath inside a container', () => {
    const change = {
      name: 'web',
      env: [{ name: 'B', value: '2' }],
      ports: [{ containerPort: 80, name: 'http' }, { containerPort: 81 }],
      volumeMounts: [{ mountPath: '/data', name: 'data' }],
    };
    expect(containers(strategicMergePatch(pod, { spec: { containers: [change] } }))[0]).toEqual({
      name: 'web',
      image: 'web:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
      ports: [{ containerPort: 80, protocol: 'TCP', name: 'http' }, { containerPort: 81 }],
      volumeMounts: [{ mountPath: '/data', name: 'data' }],
    });
  });

  it('merges the ports of a Service by port', () => {
    const service = { spec: { ports: [{ port: 80, targetPort: 8080, name: 'http' }] } };
    expect(strategicMergePatch(service, { spec: { ports: [{ port: 80, targetPort: 9090 }] } })).toEqual({
      spec: { ports: [{ port: 80, targetPort: 9090, name: 'http' }] },
    });
  });

  it('replaces lists without a key whole: tolerations, args', () => {
    const patched = strategicMergePatch(pod, {
      spec: { tolerations: [{ key: 'y' }], containers: [{ name: 'side', args: ['c'] }] },
    });
    expect(patched).toMatchObject({ spec: { tolerations: [{ key: 'y' }] } });
    expect(containers(patched)[1]).toEqual({ name: 'side', image: 'side:1', args: ['c'] });
  });

  it('deletes the element that $patch: delete names', () => {
    const patched = strategicMergePatch(pod, { spec: { containers: [{ $patch: 'delete', name: 'side' }] } });
    expect(containers(patched).map((container) => container.name)).toEqual(['web']);
  });

  it('replaces a list that carries $patch: replace, and an object', () => {
    const patched = strategicMergePatch(pod, {
      spec: { containers: [{ name: 'new', image: 'new:1' }, { $patch: 'replace' }] },
    });
    expect(containers(patched)).toEqual([{ name: 'new', image: 'new:1' }]);
    expect(strategicMergePatch({ a: { b: 1, c: 2 } }, { a: { $patch: 'replace', c: 3 } })).toEqual({ a: { c: 3 } });
    expect(strategicMergePatch({ a: { b: 1 }, d: 1 }, { a: { $patch: 'delete' } })).toEqual({ d: 1 });
  });

  it('removes a member that is null, in elements of keyed lists too', () => {
    const patched = strategicMergePatch(pod, { spec: { volumes: null, containers: [{ name: 'side', args: null }] } });
    expect(patched).not.toHaveProperty('spec.volumes');
    expect(containers(patched)[1]).toEqual({ name: 'side', image: 'side:1' });
  });

  it('orders elements by $setElementOrder and keeps strangers behind whom they stood', () => {
    const three = { spec: { containers: [{ name: 'a' }, { name: 'injected' }, { name: 'b' }] } };
    const patched = strategicMergePatch(three, {
      spec: {
        '$setElementOrder/containers': [{ name: 'b' }, { name: 'new' }, { name: 'a' }],
        containers: [{ name: 'new' }],
      },
    });
    expect((patched as typeof three).spec.containers.map((one) => one.name)).toEqual(['b', 'new', 'a', 'injected']);
  });

  it('keeps only what $retainKeys names, as a change of the update strategy needs', () => {
    const deployment = { spec: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } } };
    expect(
      strategicMergePatch(deployment, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } }),
    ).toEqual({
      spec: { strategy: { type: 'Recreate' } },
    });
  });

  it('treats finalizers as a set, with $deleteFromPrimitiveList', () => {
    const object = { metadata: { finalizers: ['a', 'b'] } };
    expect(strategicMergePatch(object, { metadata: { finalizers: ['b', 'c'] } })).toEqual({
      metadata: { finalizers: ['a', 'b', 'c'] },
    });
    expect(strategicMergePatch(object, { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } })).toEqual({
      metadata: { finalizers: ['b'] },
    });
  });

  it('refuses an element without its key, an unknown directive and a patch that is no object', () => {
    expect(() => strategicMergePatch(pod, { spec: { containers: [{ image: 'x' }] } })).toThrow(
      'does not contain declared merge key: name',
    );
    expect(() => strategicMergePatch(pod, { spec: { $patch: 'explode' } })).toThrow('unknown $patch directive');
    expect(() => strategicMergePatch(pod, [])).toThrow('must be an object');
  });

  it('changes neither the object nor the patch', () => {
    const frozen = Object.freeze({ a: Object.freeze({ b: 1 }) });
    expect(strategicMergePatch(frozen, Object.freeze({ a: Object.freeze({ c: 2 }) }))).toEqual({ a: { b: 1, c: 2 } });
    expect(frozen).toEqual({ a: { b: 1 } });
  });
});
