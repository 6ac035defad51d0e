import { commit, type Intent, type Json, type Operation, redactedLeaf, type Step } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { CHANGEABLE_KINDS } from '../objects/changeable-kinds.ts';
import { UID } from '../testing/objects.ts';
import { stepRequest } from './step-request.ts';

const planId = `pln_${'a'.repeat(22)}`;
const intentOf = (operation: Operation, kind = 'Deployment', uid: string | null = UID): Intent => ({
  format: 'countersign.intent/v1',
  cluster: { name: 'test', uid: 'cluster-uid', ca: `sha256:${'0'.repeat(64)}` },
  steps: [
    {
      target: {
        apiVersion: CHANGEABLE_KINDS.find((known) => known.kind === kind)?.apiVersion ?? 'v1',
        kind,
        namespace: 'shop',
        name: 'web',
        uid,
      },
      operation,
    } as Step,
  ],
});
const step = (operation: Operation, kind?: string, uid: string | null = UID) => ({
  intent: intentOf(operation, kind, uid),
  stepNumber: 1,
  planId,
  leaves: {},
  resourceVersion: uid === null ? null : '130',
  dryRun: false,
});
const bodyOf = (operation: Operation, kind?: string, uid: string | null = UID): Json =>
  stepRequest(step(operation, kind, uid)).body?.json ?? null;
const mark = expect.stringMatching(new RegExp(`^${planId}/1/sha256:[0-9a-f]{64}$`));
const scale: Operation = { type: 'scale', replicas: 3 };
const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: {} };
const remove: Operation = { type: 'delete', propagation: 'Background', gracePeriodSeconds: null };

describe('the body of a step', () => {
  it.each([
    [
      { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' },
      'StatefulSet',
      { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-20T10:00:00Z' } } } },
    ],
    [scale, 'ReplicaSet', { replicas: 3 }],
    [
      { type: 'set-image', container: 'web', image: 'nginx:1.28' },
      'Deployment',
      { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } },
    ],
    [
      { type: 'set-image', container: 'web', image: 'nginx:1.28' },
      'CronJob',
      { jobTemplate: { spec: { template: { spec: { containers: [{ name: 'web', image: 'nginx:1.28' }] } } } } },
    ],
    [
      { type: 'rollback', revision: 3, template: { spec: { containers: [] } } },
      'DaemonSet',
      { template: { spec: { containers: [] }, $patch: 'replace' } },
    ],
  ] as [Operation, string, object][])(
    'carries %j, our mark, uid and version, and nothing else',
    (operation, kind, spec) => {
      expect(bodyOf(operation, kind)).toEqual({
        metadata: { uid: UID, resourceVersion: '130', annotations: { 'countersign.dev/plan': mark } },
        spec,
      });
    },
  );

  it('has labels and annotations beside our mark', () => {
    expect(bodyOf({ type: 'label', labels: { tier: 'a', old: null } }, 'Service')).toEqual({
      metadata: {
        labels: { tier: 'a', old: null },
        uid: UID,
        resourceVersion: '130',
        annotations: { 'countersign.dev/plan': mark },
      },
    });
    expect(bodyOf({ type: 'annotate', annotations: { note: 'x' } }, 'ConfigMap')).toMatchObject({
      metadata: { annotations: { note: 'x', 'countersign.dev/plan': mark } },
    });
  });

  it('is the asked-for merge patch with our part in its metadata', () => {
    const patch = { metadata: { annotations: { note: 'x' } }, data: { A: null } };
    expect(stepRequest(step({ type: 'patch', patchType: 'merge', patch }, 'ConfigMap')).body).toEqual({
      contentType: 'application/merge-patch+json',
      json: {
        metadata: { annotations: { note: 'x', 'countersign.dev/plan': mark }, uid: UID, resourceVersion: '130' },
        data: { A: null },
      },
    });
  });

  it('ends the asked-for JSON patch with ours, so that nothing before it can take it back', () => {
    const patch = [{ op: 'replace', path: '/data/A', value: 'b' }];
    expect(stepRequest(step({ type: 'patch', patchType: 'json', patch }, 'ConfigMap')).body).toEqual({
      contentType: 'application/json-patch+json',
      json: [
        ...patch,
        { op: 'replace', path: '/metadata/uid', value: UID },
        { op: 'replace', path: '/metadata/resourceVersion', value: '130' },
        { op: 'add', path: '/metadata/annotations/countersign.dev~1plan', value: mark },
      ],
    });
  });

  it('applies with the mark of an apply on what is there, and with that of a create on what must be absent', () => {
    expect(bodyOf({ type: 'apply', manifest })).toEqual({
      ...manifest,
      metadata: {
        ...manifest.metadata,
        uid: UID,
        resourceVersion: '130',
        annotations: { 'countersign.dev/applied': mark },
      },
    });
    expect(bodyOf({ type: 'apply', manifest }, 'Deployment', null)).toEqual({
      ...manifest,
      metadata: { ...manifest.metadata, annotations: { 'countersign.dev/created': mark } },
    });
  });

  it('puts hidden leaves back, and makes no request where one is not the approved one', () => {
    const leaf = { salt: 'salt', value: 'canary-1' };
    const hidden = { ...manifest, spec: { secret: redactedLeaf(commit(leaf.salt, leaf.value)) } };
    const asked = step({ type: 'apply', manifest: hidden });
    expect(stepRequest({ ...asked, leaves: { '/spec/secret': leaf } }).body?.json).toMatchObject({
      spec: { secret: 'canary-1' },
    });
    for (const leaves of [{}, { '/spec/secret': { ...leaf, value: 'another' } }, { '/spec': leaf }])
      expect(() => stepRequest({ ...asked, leaves })).toThrow('hidden leaf');
  });

  it('comes from intent, step, plan and version alone: once and again it is the same', () => {
    expect(bodyOf(scale)).toEqual(bodyOf(scale));
    expect(bodyOf(scale)).not.toEqual(bodyOf({ type: 'scale', replicas: 4 }));
  });
});

const EVERY: [Operation, string, string | null][] = [
  [scale, 'Deployment', UID],
  [{ type: 'label', labels: { a: 'b' } }, 'Ingress', UID],
  [{ type: 'patch', patchType: 'merge', patch: { spec: { a: 1 } } }, 'NetworkPolicy', UID],
  [{ type: 'patch', patchType: 'strategic', patch: { spec: { a: 1 } } }, 'Job', UID],
  [{ type: 'patch', patchType: 'json', patch: [{ op: 'add', path: '/spec/a', value: 1 }] }, 'PodDisruptionBudget', UID],
  [{ type: 'apply', manifest }, 'Deployment', UID],
  [{ type: 'apply', manifest }, 'Deployment', null],
];

describe('stepRequest', () => {
  it.each(EVERY)('differs between dry run and write of %j in dryRun alone', (operation, kind, uid) => {
    const dry = stepRequest({ ...step(operation, kind, uid), dryRun: true });
    const write = stepRequest({ ...step(operation, kind, uid), dryRun: false });
    expect(dry.query).toEqual({ ...write.query, dryRun: 'All' });
    expect({ ...dry, query: {}, repeatable: false }).toEqual({ ...write, query: {} });
    expect(write.query).toEqual({ fieldManager: 'countersign', fieldValidation: 'Strict' });
    expect(JSON.stringify(dry)).not.toContain('force');
    expect([dry.repeatable, write.repeatable]).toEqual([true, false]);
  });

  it('goes to the object itself', () => {
    expect(stepRequest(step(scale)).path).toEqual(['apis', 'apps', 'v1', 'namespaces', 'shop', 'deployments', 'web']);
    expect(stepRequest(step(remove, 'Pod')).path).toEqual(['api', 'v1', 'namespaces', 'shop', 'pods', 'web']);
  });

  it('deletes the very object and version, and says in the body that it is a dry run: of the query nothing is read', () => {
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      preconditions: { uid: UID, resourceVersion: '130' },
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
    };
    const gone: Operation = { type: 'delete', propagation: 'Foreground', gracePeriodSeconds: 0 };
    const write = stepRequest(step(gone, 'Pod'));
    expect(write).toMatchObject({ method: 'DELETE', body: { contentType: 'application/json', json: options } });
    expect(write.query).toBeUndefined();
    expect(stepRequest({ ...step(gone, 'Pod'), dryRun: true }).body?.json).toEqual({ ...options, dryRun: ['All'] });
    expect(JSON.stringify(stepRequest(step(remove, 'Pod')).body)).not.toContain('gracePeriodSeconds');
  });

  it.each([
    ['a kind that no plan may change', step(scale, 'ClusterRole')],
    ['an operation that the kind does not have', step(scale, 'Service')],
    ['a change of a pod', step({ type: 'label', labels: { a: 'b' } }, 'Pod')],
    ['a version without uid', { ...step({ type: 'apply', manifest }, 'Deployment', null), resourceVersion: '1' }],
    ['a change without version', { ...step(scale), resourceVersion: null }],
    ['a delete without version', { ...step(remove), resourceVersion: null }],
    ['a manifest of another object', step({ type: 'apply', manifest: { ...manifest, metadata: { name: 'other' } } })],
    [
      'a patch that no plan may have',
      step({ type: 'patch', patchType: 'merge', patch: { metadata: { finalizers: ['x/y'] } } }),
    ],
    ['a step that the intent does not have', { ...step(scale), stepNumber: 2 }],
  ])('makes no request for %s', (_what, asked) => {
    expect(() => stepRequest(asked)).toThrow();
  });
});
