import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { manifestIssues, wholeManifest } from './manifest-rules.ts';

const target = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' };
const manifest = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { a: 'b' }, annotations: { note: 'x' } },
  spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'b' }] } } },
};
const issues = (asked: Json) => manifestIssues(asked, target, ['spec', 'template']);
const withMetadata = (more: object): Json => ({ ...manifest, metadata: { ...manifest.metadata, ...more } }) as Json;

describe('manifestIssues', () => {
  it('lets a manifest of the very object pass', () => {
    expect(issues(manifest)).toEqual([]);
    expect(issues(withMetadata({ namespace: 'shop' }))).toEqual([]);
  });

  it.each([
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'generation',
    'managedFields',
    'generateName',
    'finalizers',
    'ownerReferences',
    'deletionTimestamp',
    'selfLink',
  ])('refuses metadata.%s by its name', (member) => {
    expect(issues(withMetadata({ [member]: null }))).toEqual([`manifest: metadata.${member}: it may not be set`]);
  });

  it.each<[string, Json]>([
    ['another namespace', withMetadata({ namespace: 'kube-system' })],
    ['another name', withMetadata({ name: 'other' })],
    ['no name', { ...manifest, metadata: {} }],
    ['our annotation', withMetadata({ annotations: { 'countersign.dev/created': 'x' } })],
    ['another kind', { ...manifest, kind: 'Secret' }],
    ['another version', { ...manifest, apiVersion: 'apps/v1beta2' }],
    ['a status', { ...manifest, status: {} }],
    ['a directive', { ...manifest, $patch: 'replace' }],
    ['a label that is no text', withMetadata({ labels: { a: null } })],
    ['a list', [manifest]],
    [
      'two containers of one name',
      { ...manifest, spec: { template: { spec: { containers: [{ name: 'a' }], initContainers: [{ name: 'a' }] } } } },
    ],
  ])('refuses %s', (_what, asked) => {
    expect(issues(asked)).not.toEqual([]);
  });

  it('has one spelling for a namespace that is written and one that is not', () => {
    expect(wholeManifest(manifest, target)).toEqual(
      wholeManifest({ ...manifest, metadata: { ...manifest.metadata, namespace: 'shop' } }, target),
    );
  });
});
