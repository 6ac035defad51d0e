import { describe, expect, test } from 'vitest';
import { DOCUMENT_DEPTH_MAX, DOCUMENT_VALUES_MAX, YAML_CHARACTERS_MAX } from '../limits.ts';
import { askedManifests } from './asked-manifests.ts';
import { boundsIssue } from './document-bounds.ts';
import { patchOf } from './patch.ts';
import { readYaml } from './read-yaml.ts';

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const issueOf = (manifest: unknown, namespace?: string): string | undefined => {
  const read = askedManifests({ manifest: manifest as string, namespace });
  return read.ok || read.refusal.code !== 'request.invalid' ? undefined : read.refusal.issues[0];
};

describe('a manifest', () => {
  test('is read from an object, a list, or YAML with several documents, and names its own namespace afterwards', () => {
    const yaml = `# two\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: b, namespace: shop}\n`;
    const read = askedManifests({ manifest: yaml, namespace: 'shop' });
    expect(read.ok && read.value.map(({ kind, namespace, name }) => [kind, namespace, name])).toEqual([
      ['ConfigMap', 'shop', 'a'],
      ['Deployment', 'shop', 'b'],
    ]);
    expect(read.ok && read.value[0]?.object).toMatchObject({ metadata: { name: 'a', namespace: 'shop' } });
    expect(askedManifests({ manifest: CONFIG_MAP }).ok).toBe(true);
    expect(askedManifests({ manifests: [CONFIG_MAP, { ...CONFIG_MAP, kind: 'Service' }] }).ok).toBe(true);
  });

  test.each<[string, unknown, string]>([
    ['a path', '/etc/passwd', 'it is no object'],
    ['a path with an at sign', '"@/etc/passwd"', 'it is no object'],
    ['a URL', 'https://evil.example/m.yaml', 'it is no object'],
    ['nothing', '---\n---\n', 'no object'],
    ['a list of the API', { ...CONFIG_MAP, kind: 'ConfigMapList' }, 'items of a list'],
    ['no name', { ...CONFIG_MAP, metadata: { namespace: 'shop' } }, 'metadata.name'],
    [
      'a generated name',
      { ...CONFIG_MAP, metadata: { generateName: 'x-', namespace: 'shop' } },
      'metadata.generateName',
    ],
    ['a uid', { ...CONFIG_MAP, metadata: { ...CONFIG_MAP.metadata, uid: 'u' } }, 'metadata.uid'],
    ['managed fields', { ...CONFIG_MAP, metadata: { ...CONFIG_MAP.metadata, managedFields: [] } }, 'managedFields'],
    ['a name that is a flag', { ...CONFIG_MAP, metadata: { name: '--server=x', namespace: 'shop' } }, 'metadata.name'],
    [
      'a namespace with a shell',
      { ...CONFIG_MAP, metadata: { name: 'x', namespace: 'shop; id' } },
      'metadata.namespace',
    ],
    ['a kind of another alphabet', { ...CONFIG_MAP, kind: 'Сonfigmap' }, 'kind: it is none'],
    ['a version that is a path', { ...CONFIG_MAP, apiVersion: '../v1' }, 'apiVersion'],
    [
      'a redacted leaf',
      { ...CONFIG_MAP, data: { a: { 'countersign.dev/redacted': `sha256:${'0'.repeat(64)}` } } },
      'redacted',
    ],
    [
      'a key that JavaScript would take',
      JSON.parse('{"apiVersion":"v1","kind":"X","__proto__":{"a":1},"metadata":{}}'),
      '__proto__',
    ],
    ['a number that is not exact', { ...CONFIG_MAP, data: { n: 2 ** 60 } }, 'too large to be exact'],
    ['half a character', { ...CONFIG_MAP, data: { n: '\ud800' } }, 'well-formed'],
    ['too deep', { ...CONFIG_MAP, data: nested(DOCUMENT_DEPTH_MAX) }, 'nested deeper'],
    ['too many values', { ...CONFIG_MAP, data: Array(DOCUMENT_VALUES_MAX).fill(1) }, 'more than'],
  ])(
    'that is or has %s is refused with a sentence that names the field and quotes nothing',
    (_title, manifest, says) => {
      const issue = issueOf(manifest);
      expect(issue).toContain(says);
      expect(issue).not.toMatch(/passwd|evil|--server|; id|sha256/);
    },
  );

  test('of another namespace than the call names is refused: what is shown is what runs', () => {
    expect(issueOf(CONFIG_MAP, 'other')).toContain('metadata.namespace: it is not other');
    expect(issueOf({ ...CONFIG_MAP, metadata: { name: 'x' } })).toContain('metadata.namespace');
  });

  test('comes alone or in a list, never both', () => {
    expect(askedManifests({ manifest: CONFIG_MAP, manifests: [CONFIG_MAP] }).ok).toBe(false);
    expect(askedManifests({}).ok).toBe(false);
    expect(askedManifests({ manifests: Array(21).fill(CONFIG_MAP) }).ok).toBe(false);
  });
});

describe('YAML', () => {
  const refusalOf = (text: string): string | undefined => {
    const read = readYaml(text);
    return read.ok ? undefined : read.refusal;
  };

  test.each([
    ['an alias', 'a: &x [1]\nb: *x\n', 'anchors and aliases'],
    [
      'a bomb of aliases',
      `a: &a [x,x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [*${'abcdefghi'[i]},*${'abcdefghi'[i]}]`).join('\n')}`,
      'anchors and aliases',
    ],
    ['a merge key', 'a: {<<: {b: 1}, "b": 2}', 'no plain text'],
    ['a key twice', 'a: 1\na: 2\n', 'a key is there twice (line 2)'],
    ['a key twice, quoted', 'a: 1\n"a": 2\n', 'twice'],
    ['a tag of a language', 'a: !!js/function "x"', 'no YAML'],
    ['a tag of YAML', 'a: !!str 1', 'tags'],
    ['a key that is a number', '1: a', 'a key is no plain text'],
    ['a key that is a list', '? [a]\n: b', 'a key is no plain text'],
    ['a number with underscores', 'a: 1_000', 'ambiguous'],
    ['an octal that is none', 'defaultMode: 0644', 'leading zero'],
    ['a word that is a boolean to kubectl', 'hostNetwork: yes', 'ambiguous'],
    ['a key that is a boolean to kubectl', 'on: x', 'ambiguous'],
    ['brackets without end', '['.repeat(100_000), 'nested deeper'],
    ['dashes without end', '- '.repeat(50_000), 'nested deeper'],
    ['a document too long', 'x'.repeat(YAML_CHARACTERS_MAX + 1), 'longer than'],
    ['too many documents', '---\na: 1\n'.repeat(60), 'more than'],
    ['no YAML', 'a: [1', 'no YAML'],
    ['a directive', '%YAML 1.1\n---\na: 1', 'directives'],
  ])('with %s is refused, quickly and by name', (_title, text, says) => {
    const begun = performance.now();
    expect(refusalOf(text)).toContain(says);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  test('with quoted words, block texts and comments is read as kubectl reads it', () => {
    expect(readYaml('a: "yes"\nb: |\n  0644\n  [[[\nc: 0.5\nd: 2026-11-21\n# end\n')).toEqual({
      ok: true,
      value: [{ a: 'yes', b: '0644\n[[[\n', c: 0.5, d: '2026-11-21' }],
    });
  });
});

describe('a patch', () => {
  test('is an array for json and an object for the others', () => {
    expect(patchOf('json', [{ op: 'replace', path: '/spec/replicas', value: 2 }]).ok).toBe(true);
    expect(patchOf('merge', { spec: { paused: null } }).ok).toBe(true);
    for (const [type, patch] of [
      ['json', { spec: {} }],
      ['json', []],
      ['json', [{ op: 'exec', path: '/x' }]],
      ['json', [{ op: 'add', path: 'no-pointer', value: 1 }]],
      ['json', [{ op: 'add', path: '/x', value: 1, approved: true }]],
      ['merge', [{ op: 'remove', path: '/x' }]],
      ['strategic', []],
      ['strategic', {}],
      ['merge', { a: { 'countersign.dev/redacted': 'x' } }],
    ] as const)
      expect(patchOf(type, patch).ok).toBe(false);
  });
});

test('the walk over a document does not recurse', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 200_000; level += 1) deep = [deep];
  expect(boundsIssue(deep)).toContain('nested deeper');
});
