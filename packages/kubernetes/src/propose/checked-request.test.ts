import type { ChangeRequest, Json } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { somePolicy } from '../testing/objects.ts';
import { checkRequests } from './checked-request.ts';

const NOW = new Date('2026-11-20T10:00:00.987Z');
const request = (over: Partial<ChangeRequest> = {}): ChangeRequest => ({
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  operation: { type: 'restart' },
  ...over,
});
const setImage = (container: string, image: string): ChangeRequest =>
  request({ operation: { type: 'set-image', container, image } });
const check = (asked: ChangeRequest, policy = somePolicy()) => checkRequests([asked], policy, NOW);
const codeOf = (asked: ChangeRequest, policy = somePolicy()): string | undefined => {
  const checked = check(asked, policy);
  return checked.ok ? undefined : checked.refusal.code;
};

/** Flags, paths and shell text in the place of names: what other servers passed on to a command line. */
const HOSTILE = [
  '--server=https://127.0.0.1:19012',
  '-shttps://x',
  '-Ashttp://x',
  '--as=system:admin',
  '--kubeconfig=/tmp/evil',
  '--token=t',
  '@/etc/passwd',
  'default; id',
  '$(touch /tmp/pwned)',
  '`id`',
  'a|b',
  'a&&b',
  'a\nb',
  '../secrets',
  'a/b',
  'a%2Fb',
  '..',
  '.',
  '',
  ' ',
  'a b',
  'A',
  'a'.repeat(300),
  'web\u0000',
  'web\u202e',
  'ｗeb',
];

describe('checkRequests', () => {
  it('fixes the instant of a restart in whole seconds', () => {
    expect(check(request())).toMatchObject({
      ok: true,
      value: [{ operation: { type: 'restart', restartedAt: '2026-11-20T10:00:00Z' } }],
    });
  });

  it.each(HOSTILE)('refuses %j as namespace, name and container', (text) => {
    expect(codeOf(request({ namespace: text }))).toBe('request.invalid');
    expect(codeOf(request({ name: text }))).toBe('request.invalid');
    expect(codeOf(setImage(text, 'a:1'))).toBe('request.invalid');
  });

  it.each(['--image=x:1', 'a:1; id', 'a:1\n', '$(id):1', '../a:1', ''])('refuses %j as image', (image) => {
    expect(codeOf(setImage('web', image))).toBe('request.invalid');
  });

  it.each([-1, 1.5, 1_001, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d replicas', (replicas) => {
    expect(codeOf(request({ operation: { type: 'scale', replicas } }))).toBe('request.invalid');
  });

  it('echoes nothing of what it refuses', () => {
    const asked = check(request({ namespace: 'canary s3cr3t' }));
    expect(JSON.stringify(asked)).not.toContain('canary');
  });

  it.each(['Secret', 'secret/x', 'Pod', 'pods,secrets', 'deployment', 'Deployment ', '__proto__'])(
    'refuses the kind %j and says which are supported',
    (kind) => {
      expect(check(request({ kind }))).toMatchObject({
        ok: false,
        refusal: { code: 'target.kind_not_supported', allowed: ['Deployment', 'StatefulSet', 'DaemonSet'] },
      });
    },
  );

  it.each([
    ['a namespace outside the allow-list', request({ namespace: 'other' }), 'namespace-not-allowed'],
    ['replicas outside the bounds', request({ operation: { type: 'scale', replicas: 6 } }), 'replicas-out-of-bounds'],
    ['an untagged image', setImage('web', 'registry:5000/app'), 'image-tag'],
    ['the tag latest', setImage('web', 'nginx:latest'), 'image-tag'],
  ])('denies %s before anything is sent', (_what, asked, code) => {
    expect(check(asked)).toMatchObject({
      ok: false,
      refusal: { code: 'policy.denied', findings: [expect.objectContaining({ code })] },
    });
  });

  it('passes nothing that is no name, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const checked = check(request({ name: text }));
        expect(checked.ok).toBe(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(text));
      }),
    );
  });

  describe('of documents', () => {
    const apply = (manifest: object): ChangeRequest =>
      request({ operation: { type: 'apply', manifest: manifest as { [key: string]: Json } } });
    const patch = (of: Json, patchType: 'json' | 'merge' | 'strategic' = 'merge'): ChangeRequest =>
      request({ operation: { type: 'patch', patchType, patch: of } });
    const manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: {} };
    let deep: Json = 1;
    for (let level = 0; level < 50_000; level += 1) deep = [deep];
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, '']));
    const polluted = JSON.parse('{"spec":{"__proto__":{"polluted":true}}}') as Json;
    const commitment = { 'countersign.dev/redacted': `sha256:${'0'.repeat(64)}` };

    it.each<[string, ChangeRequest, string]>([
      ['a patch that is nested without end', patch({ spec: deep }), 'request.invalid'],
      ['a manifest that is nested without end', apply({ ...manifest, spec: deep }), 'request.invalid'],
      ['a patch of a hundred thousand members', patch({ spec: wide }), 'request.too_large'],
      ['a manifest of a hundred thousand members', apply({ ...manifest, spec: wide }), 'request.too_large'],
      ['a polluting patch', patch(polluted), 'request.invalid'],
      ['a patch with a commitment', patch({ spec: commitment }), 'request.invalid'],
      ['a manifest with a commitment', apply({ ...manifest, spec: commitment }), 'request.invalid'],
      ['a patch of finalizers', patch({ metadata: { finalizers: [] } }), 'request.invalid'],
      ['a manifest of another object', apply({ ...manifest, metadata: { name: 'other' } }), 'request.invalid'],
      [
        'our annotation',
        request({ operation: { type: 'annotate', annotations: { 'countersign.dev/plan': 'x' } } }),
        'request.invalid',
      ],
      [
        'an annotation that is no key',
        request({ operation: { type: 'annotate', annotations: { '../x': 'x' } } }),
        'request.invalid',
      ],
      ['a label that is no label', request({ operation: { type: 'label', labels: { a: 'b c' } } }), 'request.invalid'],
      ['no label', request({ operation: { type: 'label', labels: {} } }), 'request.invalid'],
      ['a revision below one', request({ operation: { type: 'rollback', revision: 0 } }), 'request.invalid'],
      [
        'a grace period of years',
        request({ operation: { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: 1e8 } }),
        'request.invalid',
      ],
      [
        'a hidden value',
        patch({ spec: { template: { spec: { containers: [{ name: 'a', env: [{ name: 'B', value: 'canary' }] }] } } } }),
        'evidence.hidden_change',
      ],
    ])('refuses %s before anything is sent', (_what, asked, code) => {
      expect(codeOf(asked)).toBe(code);
      expect(JSON.stringify(check(asked))).not.toContain('canary');
    });

    it('writes the namespace into a manifest', () => {
      expect(check(apply(manifest))).toMatchObject({
        value: [{ operation: { manifest: { metadata: { name: 'web', namespace: 'shop' } } } }],
      });
    });
  });

  it('keeps the order of several changes, and refuses one object twice, whatever is asked of it', () => {
    const names = ['c', 'a', 'b'];
    const all = checkRequests(
      names.map((name) => request({ name })),
      somePolicy(),
      NOW,
    );
    expect(all.ok && all.value.map(({ target }) => target.name)).toEqual(names);
    expect(
      checkRequests([request(), request({ operation: { type: 'scale', replicas: 3 } })], somePolicy(), NOW),
    ).toMatchObject({
      refusal: {
        code: 'request.invalid',
        issues: ['changes: Deployment shop/web is named twice; one change an object'],
      },
    });
    // Another kind of that name is another object.
    const service = request({ kind: 'Service', operation: { type: 'label', labels: { a: 'b' } } });
    expect(checkRequests([request(), service], somePolicy(), NOW).ok).toBe(true);
  });

  it.each([0, 21])('refuses %i changes', (count) => {
    const many = Array.from({ length: count }, (_, at) => request({ name: `web-${at}` }));
    expect(checkRequests(many, somePolicy(), NOW)).toMatchObject({ refusal: { code: 'request.invalid' } });
  });

  it('says which change of several is not valid, and denies what policy denies in any of them', () => {
    expect(checkRequests([request(), request({ name: '..' })], somePolicy(), NOW)).toMatchObject({
      refusal: { code: 'request.invalid', issues: ['change 2: name: it is no RFC 1123 subdomain'] },
    });
    expect(checkRequests([request(), request({ namespace: 'elsewhere' })], somePolicy(), NOW)).toMatchObject({
      refusal: { code: 'policy.denied', findings: [expect.objectContaining({ step: 2 })] },
    });
  });
});
