import { describe, expect, it } from 'vitest';
import { listAt, recordAt } from '../json/record.ts';
import { createObjectStore } from '../store/create-object-store.ts';
import { applyDefaults } from './apply-defaults.ts';

const store = createObjectStore({ clock: () => new Date(0), defaults: applyDefaults });
const defaulted = (resource: string, object: Record<string, unknown>) =>
  applyDefaults(
    resource,
    { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace: 'shop' }, ...object },
    store,
  );
const containerOf = (container: Record<string, unknown>) =>
  listAt(defaulted('pods', { spec: { containers: [container] } }), 'spec', 'containers')[0];

describe('defaults', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['registry.example:5000/nginx', 'Always'],
    ['registry.example:5000/nginx:1.27', 'IfNotPresent'],
    [`nginx@sha256:${'a'.repeat(64)}`, 'IfNotPresent'],
  ])('pull %s %s', (image, imagePullPolicy) => {
    expect(containerOf({ name: 'c', image })).toMatchObject({ imagePullPolicy });
  });

  it('keep what is set, treat null as absent and change nothing that they were given', () => {
    const given = Object.freeze({ containers: [], restartPolicy: 'Never', dnsPolicy: null });
    expect(recordAt(defaulted('pods', { spec: given }), 'spec')).toMatchObject({
      restartPolicy: 'Never',
      dnsPolicy: 'ClusterFirst',
    });
    expect(given.dnsPolicy).toBeNull();
  });

  it('fill probes, fieldRefs and volumes', () => {
    const spec = {
      volumes: [{ name: 'a' }, { name: 'b', configMap: { name: 'm' } }],
      containers: [
        {
          name: 'c',
          image: 'x:1',
          readinessProbe: { httpGet: { port: 80 } },
          env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'x' } } }],
        },
      ],
    };
    expect(defaulted('pods', { spec })).toMatchObject({
      spec: {
        volumes: [{ emptyDir: {} }, { configMap: { defaultMode: 420 } }],
        containers: [
          {
            readinessProbe: { periodSeconds: 10, failureThreshold: 3, httpGet: { path: '/', scheme: 'HTTP' } },
            env: [{ valueFrom: { fieldRef: { apiVersion: 'v1' } } }],
          },
        ],
      },
    });
  });

  it.each([
    [{}, 'BestEffort'],
    [{ requests: { cpu: '1' } }, 'Burstable'],
    [{ limits: { cpu: '1', memory: '1Gi' } }, 'Guaranteed'],
  ])('put a pod with resources %o into the class %s', (resources, qosClass) => {
    const pod = defaulted('pods', { spec: { containers: [{ name: 'c', image: 'x:1', resources }] } });
    expect(pod).toMatchObject({ status: { phase: 'Pending', qosClass } });
  });

  it('store a Secret’s stringData as data', () => {
    expect(defaulted('secrets', { data: { a: 'MQ==' }, stringData: { b: '2' } })).toMatchObject({
      type: 'Opaque',
      data: { a: 'MQ==', b: 'Mg==' },
    });
    expect(defaulted('secrets', { stringData: { b: '2' } })).not.toHaveProperty('stringData');
  });

  it('give each Service another address and each node port once', () => {
    const service = (name: string, type: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { type, ports: [{ port: 80 }] },
    });
    const made = ['a', 'b'].map((name) => store.create('services', service(name, 'NodePort')));
    expect(new Set(made.map((one) => recordAt(one, 'spec')?.clusterIP)).size).toBe(2);
    expect(new Set(made.map((one) => JSON.stringify(listAt(one, 'spec', 'ports')))).size).toBe(2);
    expect(recordAt(store.create('services', service('c', 'ExternalName')), 'spec')).not.toHaveProperty('clusterIP');
  });
});
