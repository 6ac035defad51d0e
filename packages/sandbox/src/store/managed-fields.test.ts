import { beforeEach, describe, expect, it } from 'vitest';
import { createObjectStore } from './create-object-store.ts';

const clock = { now: new Date('2026-01-01T00:00:00Z') };

function newDeployment() {
  const store = createObjectStore({ clock: () => clock.now });
  const created = store.create(
    'deployments.apps',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          spec: { containers: [{ name: 'web', image: 'a:1', ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
        },
      },
    },
    { fieldManager: 'kubectl-create' },
  );
  return { store, created };
}

describe('managedFields', () => {
  beforeEach(() => {
    clock.now = new Date('2026-01-01T00:00:00Z');
  });

  it('names every field that the creator set, list elements by their keys', () => {
    expect(newDeployment().created.metadata.managedFields).toEqual([
      {
        manager: 'kubectl-create',
        operation: 'Update',
        apiVersion: 'apps/v1',
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
        fieldsV1: {
          'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } },
          'f:spec': {
            'f:replicas': {},
            'f:selector': {},
            'f:template': {
              'f:spec': {
                'f:containers': {
                  'k:{"name":"web"}': {
                    '.': {},
                    'f:image': {},
                    'f:name': {},
                    // The API server's own form of a container always has it.
                    'f:resources': {},
                    'f:ports': {
                      '.': {},
                      'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:protocol': {} },
                    },
                  },
                },
              },
            },
          },
        },
      },
    ]);
  });

  it('moves a changed field to whoever changed it and leaves the time of the others alone', () => {
    const { store, created } = newDeployment();
    clock.now = new Date('2026-01-01T00:01:00Z');
    const scaled = store.update(
      'deployments.apps',
      { ...created, spec: { ...(created.spec as object), replicas: 2 } },
      { fieldManager: 'kubectl' },
    );
    expect(scaled.metadata.managedFields).toMatchObject([
      { manager: 'kubectl-create', time: '2026-01-01T00:00:00Z' },
      { manager: 'kubectl', time: '2026-01-01T00:01:00Z', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
    ]);
    expect(JSON.stringify(scaled.metadata.managedFields?.[0])).not.toContain('f:replicas');
  });

  it('records status writes apart, with their subresource', () => {
    const { store, created } = newDeployment();
    clock.now = new Date('2026-01-01T00:01:00Z');
    const reported = store.update(
      'deployments.apps',
      { ...created, status: { replicas: 1 } },
      { subresource: 'status' },
    );
    expect(reported.metadata.managedFields).toMatchObject([
      { manager: 'kubectl-create' },
      { manager: 'kube-controller-manager', subresource: 'status', fieldsV1: { 'f:status': { 'f:replicas': {} } } },
    ]);
  });

  it('forgets a field that was removed', () => {
    const { store, created } = newDeployment();
    const bare = { ...created, metadata: { ...created.metadata, labels: {} } };
    expect(JSON.stringify(store.update('deployments.apps', bare).metadata.managedFields)).not.toContain('f:app');
  });
});
