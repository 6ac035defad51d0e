import { clientPrincipalIdOf, personIdOf, Unavailable } from '@countersign/approvals';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTokenVerifier, type TokenVerifier } from './create-token-verifier.ts';
import { KEY_SET_REFRESH_SECONDS_MIN, TOKEN_CHARACTERS_MAX } from './limits.ts';
import { signToken, startTestIssuer, type TestIssuer, type TestKey, testKey } from './test-issuer.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

const RESOURCE = 'https://countersign.example/mcp';
const ISSUER = 'https://issuer.example';
const NOW = new Date('2026-11-21T10:00:00Z');
const SECONDS = NOW.getTime() / 1000;

let keys: TestIssuer;
let key: TestKey;
let verifier: TokenVerifier;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  key = await testKey('one');
  keys = await startTestIssuer([key]);
  verifier = verifierOf(trusted());
});
afterEach(async () => {
  await keys.stop();
  vi.useRealTimers();
});

const trusted = (change: Partial<TrustedIssuer> = {}): TrustedIssuer => ({
  issuer: ISSUER,
  issuerGroup: 'example',
  jwksUri: keys.jwksUri,
  personClaim: 'sub',
  algorithms: ['ES256'],
  groupsClaim: 'groups',
  clients: { agent: { kind: 'agent', display: 'the agent', owner: { claimValue: 'olga' } } },
  ...change,
});

const verifierOf = (...issuers: TrustedIssuer[]): TokenVerifier =>
  createTokenVerifier({
    audience: RESOURCE,
    issuers,
    clockSkewSeconds: 5,
    maxTokenAgeSeconds: 300,
    fetch,
    clock: () => new Date(),
  });

const CLAIMS = {
  iss: ISSUER,
  aud: RESOURCE,
  sub: 'paula',
  client_id: 'cli',
  iat: SECONDS,
  exp: SECONDS + 300,
  scope: 'mcp:read mcp:propose',
  groups: ['kubernetes-operators'],
  name: 'Paula',
};

const verify = async (claims: Record<string, unknown> = {}, header = {}, by: TokenVerifier = verifier) =>
  by.verify(`Bearer ${await signToken(key, { ...CLAIMS, ...claims }, header)}`);
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(CLAIMS).filter(([name]) => !names.includes(name)));
const refusedFor = (fault: string) => ({ ok: false, refusal: { code: 'token.invalid', fault } });

describe('who calls', () => {
  test("a person's token gives the person, its exact groups and its scopes", async () => {
    expect(await verify()).toEqual({
      ok: true,
      value: {
        issuer: ISSUER,
        clientId: 'cli',
        principal: {
          kind: 'person',
          id: personIdOf('example', 'paula'),
          display: 'Paula',
          owner: null,
          groups: ['kubernetes-operators'],
          scopes: ['mcp:read', 'mcp:propose'],
        },
      },
    });
  });

  test("a client's own token gives the client with its configured owner", async () => {
    const result = await verify({ sub: 'agent', client_id: 'agent' });
    expect(result.ok && result.value.principal).toMatchObject({
      kind: 'agent',
      id: clientPrincipalIdOf('example', 'agent'),
      display: 'the agent',
      owner: personIdOf('example', 'olga'),
    });
  });

  test('a client that nobody configured has no owner, whatever it is called', async () => {
    for (const id of ['stranger', 'constructor', '__proto__']) {
      const result = await verify({ sub: id, client_id: id });
      expect(result.ok && result.value.principal).toMatchObject({ kind: 'agent', owner: null });
    }
  });

  test('refuses a person through a client that is configured as a machine', async () => {
    expect(await verify({ sub: 'paula', client_id: 'agent' })).toEqual(refusedFor('subject'));
  });

  test('takes a configured subject of a machine for the machine', async () => {
    const client = { kind: 'service', display: 'ci', owner: null, subjects: ['5f3c'] } as const;
    const by = verifierOf(trusted({ clients: { ci: client } }));
    const result = await verify({ sub: '5f3c', client_id: 'ci' }, {}, by);
    expect(result.ok && result.value.principal.kind).toBe('service');
  });

  test('keeps equal subjects of two issuer groups apart, and a client from a person of the same name', async () => {
    const other = trusted({ issuer: 'https://other.example', issuerGroup: 'other' });
    const by = verifierOf(trusted(), other);
    const results = await Promise.all([
      verify({}, {}, by),
      verify({ iss: 'https://other.example' }, {}, by),
      verify({ sub: 'paula', client_id: 'paula' }, {}, by),
    ]);
    const ids = results.map((result) => result.ok && result.value.principal.id);
    expect(new Set(ids).size).toBe(3);
  });

  test('never falls back to e-mail, user name or client id for a person', async () => {
    const by = verifierOf(trusted({ personClaim: 'uid' }));
    const claims = { sub: 'x', email: 'olga@example.com', preferred_username: 'olga' };
    const result = await verify(claims, {}, by);
    // No person claim: the client speaks for itself.
    expect(result.ok && result.value.principal).toMatchObject({
      kind: 'agent',
      id: clientPrincipalIdOf('example', 'cli'),
    });
  });

  test('Entra: a person is tenant and object id; an application token is the application', async () => {
    const by = verifierOf(trusted({ personClaim: 'oid' }));
    const person = await verify({ sub: 'pairwise', tid: 't1', oid: 'o1' }, {}, by);
    expect(person.ok && person.value.principal).toMatchObject({ kind: 'person', id: personIdOf('example', 't1/o1') });
    for (const claims of [
      { sub: 'o2', tid: 't1', oid: 'o2' },
      { sub: 'x', tid: 't1', oid: 'o2', idtyp: 'app' },
    ]) {
      const application = await verify(claims, {}, by);
      expect(application.ok && application.value.principal.kind).toBe('agent');
    }
  });

  test('reads client id and scopes where the issuer puts them', async () => {
    const by = verifierOf(
      trusted({ clientIdClaim: 'cid', scopeClaim: 'scp', personClaim: 'uid', tokenTypes: ['JWT'] }),
    );
    const okta = { client_id: undefined, cid: 'cli', uid: 'u1', scope: undefined, scp: ['mcp:read', 7, 'mcp:execute'] };
    const result = await verify(okta, { typ: 'JWT' }, by);
    expect(result.ok && result.value.clientId).toBe('cli');
    expect(result.ok && result.value.principal).toMatchObject({ kind: 'person', scopes: ['mcp:read', 'mcp:execute'] });
  });

  test('groups are exact members of an array: a text is not split and counts as none', async () => {
    const asText = await verify({ groups: 'x kubernetes-operators' });
    expect(asText.ok && asText.value.principal.groups).toEqual([]);
    const odd = await verify({ groups: ['x kubernetes-operators', '/kubernetes-operators', 7, '', null] });
    expect(odd.ok && odd.value.principal.groups).toEqual(['x kubernetes-operators', '/kubernetes-operators']);
  });

  test('strips control and direction characters from a name and keeps it storable', async () => {
    const result = await verify({ name: `Pa\u202Eula\u0000${'\u{1F600}'.repeat(100)}` });
    const display = result.ok ? result.value.principal.display : '';
    expect(display.startsWith('Paula')).toBe(true);
    expect(display.length).toBeLessThanOrEqual(200);
    expect(display.isWellFormed()).toBe(true);
  });
});

describe('refuses', () => {
  test.each([
    ['no header', undefined],
    ['an empty header', ''],
    ['another scheme', 'Basic b2xnYTpzZWNyZXQ='],
    ['a DPoP scheme', 'DPoP a.b.c'],
  ])('%s as missing', async (_title, header) => {
    expect(await verifier.verify(header)).toEqual({ ok: false, refusal: { code: 'token.missing' } });
  });

  test.each([
    ['an opaque token', 'Bearer 0123456789abcdef'],
    ['nothing after the scheme', 'Bearer '],
    ['two tokens', 'Bearer a.b.c, Bearer a.b.c'],
    ['parts that are no JSON', 'Bearer e30.bm8.c2ln'],
    ['a token of a megabyte', `Bearer ${'a'.repeat(1_000_000)}.b.c`],
    ['one character too many', `Bearer a.b.${'c'.repeat(TOKEN_CHARACTERS_MAX)}`],
  ])('%s as malformed', async (_title, header) => {
    expect(await verifier.verify(header)).toEqual(refusedFor('malformed'));
  });

  test('alg none', async () => {
    const unsigned = new UnsecuredJWT(CLAIMS).encode().replace(/\.$/, '.AA');
    expect((await verifier.verify(`Bearer ${unsigned}`)).ok).toBe(false);
    expect((await verifier.verify(`Bearer ${new UnsecuredJWT(CLAIMS).encode()}`)).ok).toBe(false);
  });

  test('an algorithm that is not pinned, though the issuer publishes such a key', async () => {
    const rsa = await testKey('rsa', 'RS256');
    keys.keys.push(rsa);
    const token = await signToken(rsa, CLAIMS, { alg: 'RS256' });
    expect(await verifier.verify(`Bearer ${token}`)).toEqual(refusedFor('algorithm'));
  });

  test('a symmetric signature made with the public key', async () => {
    const token = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })
      .sign(Buffer.from(JSON.stringify(key.jwk)));
    expect(await verifier.verify(`Bearer ${token}`)).toEqual(refusedFor('algorithm'));
  });

  test('another issuer, and one whose name differs by a slash', async () => {
    expect(await verify({ iss: 'https://evil.example' })).toEqual(refusedFor('issuer'));
    expect(await verify({ iss: `${ISSUER}/` })).toEqual(refusedFor('issuer'));
    expect(await verify({ iss: [ISSUER] })).toEqual(refusedFor('issuer'));
    expect(keys.requests()).toBe(0);
  });

  test("a trusted issuer's token signed with another trusted issuer's key", async () => {
    const second = await testKey('two');
    const secondKeys = await startTestIssuer([second]);
    const by = verifierOf(trusted(), trusted({ issuer: 'https://other.example', jwksUri: secondKeys.jwksUri }));
    const token = await signToken(second, CLAIMS);
    expect(await by.verify(`Bearer ${token}`)).toEqual(refusedFor('key'));
    await secondKeys.stop();
  });

  test.each([
    ['another resource', 'https://other.example/mcp'],
    ['ours with a slash', `${RESOURCE}/`],
    ['ours in capitals', RESOURCE.toUpperCase()],
    ['the origin alone', 'https://countersign.example'],
    ['an empty list', []],
    ['a longer text that holds ours', `${RESOURCE} https://other.example`],
  ])('an audience that is %s', async (_title, aud) => {
    expect(await verify({ aud })).toEqual(refusedFor('audience'));
  });

  test.each([
    ['expired', { exp: SECONDS - 6 }, 'expired'],
    ['not valid yet', { nbf: SECONDS + 6 }, 'not-yet-valid'],
    ['issued too long ago', { iat: SECONDS - 306, exp: SECONDS + 3600 }, 'age'],
    ['issued in the future', { iat: SECONDS + 6 }, 'age'],
  ])('a token that is %s', async (_title, claims, fault) => {
    expect(await verify(claims)).toEqual(refusedFor(fault));
  });

  test('accepts clocks that differ by the configured skew', async () => {
    expect((await verify({ exp: SECONDS - 4 })).ok).toBe(true);
    expect((await verify({ nbf: SECONDS + 5, iat: SECONDS + 5 })).ok).toBe(true);
  });

  test.each(['exp', 'iat', 'sub', 'aud', 'client_id'])('a token without %s', async (name) => {
    const token = await signToken(key, without(name));
    const result = await verifier.verify(`Bearer ${token}`);
    expect(result.ok).toBe(false);
  });

  test('an ID token of the same issuer, and any other type', async () => {
    for (const typ of ['JWT', 'dpop+jwt', 'countersign-grant+jws', undefined]) {
      expect(await verify({}, { typ })).toEqual(refusedFor('type'));
    }
    expect((await verify({}, { typ: 'application/AT+JWT' })).ok).toBe(true);
  });

  test('an unknown and a missing key id', async () => {
    expect(await verify({}, { kid: 'unknown' })).toEqual(refusedFor('key'));
    expect(await verify({}, { kid: undefined })).toEqual(refusedFor('key'));
  });

  test('a signature by another key under a known key id', async () => {
    const forged = await signToken({ ...(await testKey('x')), kid: key.kid }, CLAIMS);
    expect(await verifier.verify(`Bearer ${forged}`)).toEqual(refusedFor('signature'));
  });

  test('a sender-constrained token as a plain bearer token', async () => {
    expect(await verify({ cnf: { jkt: 'abc' } })).toEqual(refusedFor('sender-constrained'));
  });

  test('keys that a token brings along or points to', async () => {
    const own = await testKey('own');
    const forged = await signToken(own, CLAIMS, { kid: key.kid, jwk: own.jwk });
    expect(await verifier.verify(`Bearer ${forged}`)).toEqual(refusedFor('signature'));
  });
});

describe('the key set', () => {
  test('is fetched once for many tokens', async () => {
    await Promise.all([verify(), verify(), verify()]);
    await verify();
    expect(keys.requests()).toBe(1);
  });

  test('a rotated key is found after the pause, and a withdrawn one stops working', async () => {
    expect((await verify()).ok).toBe(true);
    const next = await testKey('next');
    keys.keys.splice(0, 1, next);
    vi.setSystemTime(NOW.getTime() + (KEY_SET_REFRESH_SECONDS_MIN + 1) * 1000);
    const token = await signToken(next, CLAIMS);
    expect((await verifier.verify(`Bearer ${token}`)).ok).toBe(true);
    expect(await verify()).toEqual(refusedFor('key'));
  });

  test('made-up key ids do not hammer the issuer', async () => {
    for (let at = 0; at < 20; at += 1) await verify({}, { kid: `made-up-${at}` });
    expect(keys.requests()).toBe(1);
  });

  test.each([
    ['an error', { status: 500, headers: {}, body: '{}' }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/jwks' }, body: '' }],
    ['no JSON', { status: 200, headers: {}, body: '<html>' }],
    ['no key set', { status: 200, headers: {}, body: '[]' }],
    ['more than fits', { status: 200, headers: {}, body: ' '.repeat(200_000) }],
  ])('an issuer that answers %s is unavailable, not a bad token', async (_title, answer) => {
    keys.answer = answer;
    await expect(verify()).rejects.toBeInstanceOf(Unavailable);
  });

  test('an issuer that is down is not asked again at once', async () => {
    keys.answer = { status: 503, headers: {}, body: '' };
    for (let at = 0; at < 5; at += 1) await expect(verify()).rejects.toBeInstanceOf(Unavailable);
    expect(keys.requests()).toBe(1);
  });

  test('no error holds a part of the token', async () => {
    keys.answer = {
      status: 200,
      headers: {},
      body: '{"keys":[{"kty":"EC","kid":"one","crv":"P-256","x":"!","y":"!"}]}',
    };
    const token = await signToken(key, CLAIMS);
    const error = await verifier.verify(`Bearer ${token}`).then(
      (result) => JSON.stringify(result),
      (thrown: Error) => `${thrown.message} ${thrown.stack} ${thrown.cause}`,
    );
    for (const part of token.split('.')) expect(error).not.toContain(part);
  });
});

describe('a configuration that could not be safe does not start', () => {
  test.each([
    ['a key set over HTTP', { jwksUri: 'http://issuer.example/jwks' }],
    ['no algorithm', { algorithms: [] }],
    ['no token type', { tokenTypes: [] }],
    ['no issuer group', { issuerGroup: '' }],
  ])('%s', (_title, change) => {
    expect(() => verifierOf(trusted(change))).toThrow(TypeError);
  });

  test('an issuer that is there twice', () => {
    expect(() => verifierOf(trusted(), trusted())).toThrow('twice');
  });
});
