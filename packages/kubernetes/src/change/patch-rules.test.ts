import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { patchIssues } from './patch-rules.ts';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };
const issues = (type: 'json' | 'merge' | 'strategic', patch: Json): readonly string[] =>
  patchIssues(type, patch, DEPLOYMENT);
const add = (path: string, value: Json = 'x'): Json => [{ op: 'add', path, value }];

/** What a patch of metadata must not reach. */
const METADATA: [string, Json][] = [
  ['finalizers', ['a/b']],
  ['ownerReferences', []],
  ['resourceVersion', '1'],
  ['uid', 'x'],
  ['name', 'web'],
  ['namespace', 'kube-system'],
  ['managedFields', []],
  ['generateName', 'x'],
  ['deletionTimestamp', null],
  ['creationTimestamp', null],
  ['$patch', 'replace'],
  ['$deleteFromPrimitiveList/finalizers', ['a/b']],
  ['$setElementOrder/ownerReferences', []],
  ['labels', null],
  ['annotations', null],
  ['annotations', { 'countersign.dev/plan': null }],
  ['annotations', { 'countersign.dev/created': 'x' }],
  ['annotations', { $patch: 'replace' }],
  ['annotations', { $retainKeys: ['a'] }],
  ['labels', { a: 1 }],
];

describe('a merge patch', () => {
  it.each(METADATA)('may not set metadata.%s to %j', (member, value) => {
    expect(issues('merge', { metadata: { [member]: value } })).not.toEqual([]);
    expect(issues('strategic', { metadata: { [member]: value } })).not.toEqual([]);
  });

  it.each<[string, Json]>([
    ['a status', { status: {} }],
    ['another kind', { kind: 'Secret' }],
    ['another version', { apiVersion: 'apps/v1beta1' }],
    ['the whole metadata', { metadata: null }],
    ['nothing', {}],
    ['a list', []],
    ['a text', 'x'],
    ['a directive at the top', { $patch: 'delete' }],
    ['what to keep at the top', { $retainKeys: ['spec'] }],
  ])('may not be %s', (_what, patch) => {
    expect(issues('merge', patch)).not.toEqual([]);
    expect(issues('strategic', patch)).not.toEqual([]);
  });

  it('may set labels, annotations and everything beside metadata and status', () => {
    const patch = {
      ...DEPLOYMENT,
      metadata: { labels: { a: 'b', c: null }, annotations: { note: 'x' } },
      spec: { template: { spec: { containers: [{ name: 'web', image: 'a:1' }] } } },
    };
    expect(issues('merge', patch)).toEqual([]);
    expect(issues('strategic', patch)).toEqual([]);
  });

  it('may have the directives that are known, below the top', () => {
    const spec = {
      strategy: { $retainKeys: ['type'], type: 'Recreate' },
      template: {
        spec: {
          '$setElementOrder/containers': [{ name: 'web' }],
          containers: [{ name: 'old', $patch: 'delete' }],
          $patch: 'replace',
        },
      },
    };
    expect(issues('strategic', { spec })).toEqual([]);
    expect(issues('strategic', { spec: { $patch: 'wipe' } })).not.toEqual([]);
    expect(issues('strategic', { spec: { a: [{ $retainKeys: 'x' }] } })).not.toEqual([]);
    expect(issues('strategic', { spec: { $unknown: true } })).not.toEqual([]);
    expect(issues('strategic', { spec: { '$setElementOrder/a/b': [] } })).not.toEqual([]);
  });
});

describe('a JSON patch', () => {
  it.each([
    '/metadata',
    '/metadata/finalizers',
    '/metadata/finalizers/-',
    '/metadata/ownerReferences/0',
    '/metadata/resourceVersion',
    '/metadata/uid',
    '/metadata/name',
    '/metadata/namespace',
    '/metadata/managedFields',
    '/metadata/annotations',
    '/metadata/annotations/countersign.dev~1plan',
    '/metadata/annotations/countersign.dev~1created',
    '/status',
    '/status/replicas',
    '/apiVersion',
    '/kind',
    '',
    '/',
    '//metadata/finalizers',
    'metadata/finalizers',
    '/metadata~0/finalizers',
    '/spec/~2',
    '/__proto__/polluted',
    '/spec/__proto__/polluted',
    '/Metadata/finalizers',
  ])('may not reach %j, neither as path nor as from', (path) => {
    expect(issues('json', add(path))).not.toEqual([]);
    expect(issues('json', [{ op: 'remove', path }])).not.toEqual([]);
    expect(issues('json', [{ op: 'copy', from: path, path: '/spec/a' }])).not.toEqual([]);
    expect(issues('json', [{ op: 'move', path: '/spec/a', from: path }])).not.toEqual([]);
  });

  it.each<[string, Json]>([
    ['no list', {}],
    ['no operation', []],
    ['an unknown operation', [{ op: 'merge', path: '/spec/a', value: 1 }]],
    ['a member more', [{ op: 'remove', path: '/spec/a', value: 1 }]],
    ['a member too few', [{ op: 'add', path: '/spec/a' }]],
    ['a from that it does not take', [{ op: 'add', path: '/spec/a', value: 1, from: '/spec/b' }]],
    ['labels that are no texts', add('/metadata/labels', { a: { b: 'c' } })],
    ['a label that is no text', add('/metadata/labels/a', { b: 'c' })],
    ['an annotation that is no text', add('/metadata/annotations/a', 1)],
    ['501 operations', Array.from({ length: 501 }, () => ({ op: 'remove', path: '/spec/a' }))],
  ])('may not be or have %s', (_what, patch) => {
    expect(issues('json', patch)).not.toEqual([]);
  });

  it('may change labels, single annotations and the desired state', () => {
    const patch = [
      { op: 'test', path: '/spec/replicas', value: 2 },
      { op: 'replace', path: '/spec/replicas', value: 3 },
      { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
      { op: 'remove', path: '/metadata/annotations/example.com~1note' },
      { op: 'move', from: '/spec/a', path: '/spec/b' },
    ];
    expect(issues('json', patch)).toEqual([]);
  });

  it('is refused without a word of what is in it', () => {
    const said = JSON.stringify(issues('json', [{ op: 'canary-1', path: '/canary-2', canary3: 1 }]));
    expect(said).not.toMatch(/canary/);
    expect(JSON.stringify(issues('merge', { metadata: { 'canary-4': 'canary-5' } }))).not.toMatch(/canary/);
  });
});
