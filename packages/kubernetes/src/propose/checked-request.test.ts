import type { ChangeRequest } from '@countersign/approvals';
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
});
