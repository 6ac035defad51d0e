import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { base64, certificates, someKubeconfig } from '../testing/scripted-server.ts';
import { readKubeconfig } from './kubeconfig.ts';

const SECRET = 'canary-s3cr3t';
let ca = '';
let other = '';
beforeAll(async () => {
  ca = (await certificates()).ca;
  other = (await certificates()).ca;
});

const read = (
  cluster: Record<string, unknown> = {},
  user: Record<string, unknown> = { token: SECRET },
  context = 'ctx',
) =>
  readKubeconfig(
    someKubeconfig({ server: 'https://127.0.0.1:6443', 'certificate-authority-data': base64(ca), ...cluster }, user),
    context,
  );
const messageOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return '';
};

describe('readKubeconfig', () => {
  it('knows a cluster by the fingerprint of its CA', () => {
    const fingerprint = new X509Certificate(ca).fingerprint256.replaceAll(':', '').toLowerCase();
    expect(read().caHash).toBe(`sha256:${fingerprint}`);
  });

  it('takes the same bundle in another order or spacing for the same CA, another one not', () => {
    const hash = (pem: string) => read({ 'certificate-authority-data': base64(pem) }).caHash;
    expect(hash(`${ca}\n${other}`)).toBe(hash(`# comment\n${other}${ca}\n\n`));
    expect(hash(ca)).not.toBe(hash(other));
    expect(hash(ca)).not.toBe(hash(`${ca}\n${other}`));
  });

  it.each([
    ["HTTP, over which a token is everybody's", { server: 'http://127.0.0.1:6443' }, {}],
    ['a server that nobody verifies', { 'insecure-skip-tls-verify': true }, {}],
    ['a cluster without CA', { 'certificate-authority-data': undefined }, {}],
    ['a CA that is no certificate', { 'certificate-authority-data': base64('hello') }, {}],
    ['credentials in the URL', { server: `https://u:${SECRET}@127.0.0.1` }, {}],
    ['a path to a CA', { 'certificate-authority': '/etc/passwd' }, {}],
    ['a proxy', { 'proxy-url': 'http://evil' }, {}],
    ['a path to a token, which would be read from this machine', {}, { 'token-file': '/etc/passwd' }],
    ['a path to a key', {}, { 'client-key': '/etc/passwd' }],
    ['impersonation, which passes the guard policies by', {}, { as: 'system:admin' }],
    ['impersonated groups', {}, { 'as-groups': ['system:masters'] }],
    ['a password', {}, { username: 'u', password: SECRET }],
    ['an auth provider', {}, { 'auth-provider': { name: 'gcp' } }],
  ])('refuses %s, and says no value of it', (_what, cluster, user) => {
    const message = messageOf(() => read(cluster, { token: SECRET, ...user }));
    expect(message).toMatch(/^kubeconfig: /);
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain('/etc/passwd');
  });

  it('refuses an unknown context', () => {
    expect(messageOf(() => read({}, {}, 'nobody'))).toBe('kubeconfig: there is no context "nobody"');
  });

  it.each(['', 'a: [', '- 1', '"text"', 'contexts: 1'])('refuses the text %j without quoting it', (text) => {
    expect(messageOf(() => readKubeconfig(text, 'ctx'))).toMatch(/^kubeconfig: /);
  });

  it('reads only the context that was asked for: a fault of another one is not its fault', () => {
    const text = someKubeconfig(
      { server: 'https://127.0.0.1', 'certificate-authority-data': base64(ca) },
      { token: SECRET },
    ).replace('users:', 'users:\n  - name: other\n    user:\n      token-file: /does/not/exist');
    expect(readKubeconfig(text, 'ctx').user.token).toBe(SECRET);
  });
});
