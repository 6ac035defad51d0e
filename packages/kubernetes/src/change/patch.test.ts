import type { Intent, Operation } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { UID } from '../testing/objects.ts';
import { patchBody, patchRequest } from './patch.ts';

const planId = `pln_${'a'.repeat(22)}`;
const intentOf = (operation: Operation, kind = 'Deployment'): Intent => ({
  format: 'countersign.intent/v1',
  cluster: { name: 'test', uid: 'cluster-uid', ca: `sha256:${'0'.repeat(64)}` },
  steps: [{ target: { apiVersion: 'apps/v1', kind, namespace: 'shop', name: 'web', uid: UID }, operation }],
});
const patch = (operation: Operation) => ({
  intent: intentOf(operation),
  stepNumber: 1,
  planId,
  resourceVersion: '130',
});
const scale: Operation = { type: 'scale', replicas: 3 };

describe('patchBody', () => {
  it.each([
    [
      { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' },
      { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-20T10:00:00Z' } } } },
    ],
    [scale, { replicas: 3 }],
    [
      { type: 'set-image', container: 'web', image: 'nginx:1.28' },
      { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } },
    ],
  ] as [Operation, object][])('carries %j, our mark, uid and version, and nothing else', (operation, spec) => {
    expect(patchBody(patch(operation))).toEqual({
      metadata: {
        uid: UID,
        resourceVersion: '130',
        annotations: { 'countersign.dev/plan': expect.stringMatching(new RegExp(`^${planId}/1/sha256:[0-9a-f]{64}$`)) },
      },
      spec,
    });
  });

  it('comes from intent, step, plan and version alone: once and again it is the same', () => {
    expect(patchBody(patch(scale))).toEqual(patchBody(patch(scale)));
    expect(patchBody(patch(scale))).not.toEqual(patchBody(patch({ type: 'scale', replicas: 4 })));
  });
});

describe('patchRequest', () => {
  it('differs between dry run and write in dryRun alone', () => {
    const dry = patchRequest({ ...patch(scale), dryRun: true });
    const write = patchRequest({ ...patch(scale), dryRun: false });
    expect(dry.query).toEqual({ ...write.query, dryRun: 'All' });
    expect(dry.body).toEqual(write.body);
    expect(dry.path).toEqual(write.path);
  });

  it('goes to the object itself as a strategic merge patch, as our field manager, strictly validated, never forced', () => {
    expect(patchRequest({ ...patch(scale), dryRun: false })).toMatchObject({
      method: 'PATCH',
      path: ['apis', 'apps', 'v1', 'namespaces', 'shop', 'deployments', 'web'],
      query: { fieldManager: 'countersign', fieldValidation: 'Strict' },
      body: { contentType: 'application/strategic-merge-patch+json' },
    });
  });

  it('may be repeated only as a dry run', () => {
    expect(patchRequest({ ...patch(scale), dryRun: true }).repeatable).toBe(true);
    expect(patchRequest({ ...patch(scale), dryRun: false }).repeatable).toBe(false);
  });

  it('makes no request for a kind that no plan may change', () => {
    expect(() =>
      patchRequest({
        intent: intentOf(scale, 'ClusterRole'),
        stepNumber: 1,
        planId,
        resourceVersion: '1',
        dryRun: true,
      }),
    ).toThrow();
  });
});
