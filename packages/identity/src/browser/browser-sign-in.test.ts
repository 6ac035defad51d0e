import { randomBytes } from 'node:crypto';
import { personIdOf } from '@countersign/approvals';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BrowserSignIn, createBrowserSignIn } from './browser-sign-in.ts';
import type { BrowserSignInConfig, PeopleIssuer } from './config.ts';
import { type HostileIssuer, startHostileIssuer } from './hostile-issuer.ts';

const ORIGIN = 'http://localhost:8787';
const KEY = new Uint8Array(32).fill(7);
let now = new Date();
let issuer: HostileIssuer;

beforeEach(async () => {
  now = new Date();
  issuer = await startHostileIssuer();
});
afterEach(() => issuer.close());

const configOf = (change: Partial<PeopleIssuer> = {}): BrowserSignInConfig => ({
  origin: ORIGIN,
  issuer: {
    issuer: issuer.issuer,
    clientId: 'countersign-web',
    clientSecret: null,
    scopes: ['email', 'profile'],
    issuerGroup: 'example',
    personClaim: 'sub',
    groupsClaim: 'groups',
    ...change,
  },
  sessionKeys: [KEY],
  relevantGroups: ['kubernetes-operators'],
  clock: () => now,
  random: { token: (bytes) => randomBytes(bytes).toString('base64url') },
});

const pairsOf = (setCookies: readonly string[]): string => setCookies.map((cookie) => cookie.split(';')[0]).join('; ');

async function begun(signIn: BrowserSignIn, returnPath?: string) {
  const started = await signIn.begin(returnPath);
  if (!started.ok) throw new Error(started.refusal.why);
  return started.value;
}

async function signedIn(signIn: BrowserSignIn, returnPath?: string) {
  const { location, cookies } = await begun(signIn, returnPath);
  return signIn.complete({ url: issuer.authenticate(location), cookies: pairsOf(cookies) });
}

describe('signing in', () => {
  it('answers the person, the return path, a strict session cookie and the end of the state cookie', async () => {
    const signIn = createBrowserSignIn(configOf());
    const done = await signedIn(signIn, '/plans/pln_abc');
    if (!done.ok) throw new Error(done.refusal.why);
    expect(done.value.returnPath).toBe('/plans/pln_abc');
    expect(done.value.person).toMatchObject({
      id: personIdOf('example', 'subject-1'),
      display: 'operator@example.com',
      groups: ['kubernetes-operators'],
    });
    expect(done.value.cookies[0]).toMatch(
      /^__Host-countersign=[^;]+; Path=\/; Max-Age=28800; Secure; HttpOnly; SameSite=Strict$/,
    );
    expect(done.value.cookies[1]).toMatch(
      /^__Host-countersign-signin=; Path=\/; Max-Age=0; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect(await signIn.read(pairsOf(done.value.cookies))).toEqual(done.value.person);
  });

  it('asks with code, PKCE S256, state, nonce and max_age, and keeps all three secrets out of the URL but for their public halves', async () => {
    const { location, cookies } = await begun(createBrowserSignIn(configOf()));
    const asked = new URL(location).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: 'countersign-web',
      redirect_uri: `${ORIGIN}/signin/callback`,
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      max_age: '28800',
    });
    expect(asked.get('code_verifier')).toBeNull();
    expect(cookies[0]).toMatch(/; Path=\/; Max-Age=300; Secure; HttpOnly; SameSite=Lax$/);
  });

  it('reads the metadata once, for two sign-ins at the same moment too', async () => {
    const signIn = createBrowserSignIn(configOf());
    await Promise.all([begun(signIn), begun(signIn)]);
    await begun(signIn);
    expect(issuer.requests).toEqual(['GET /.well-known/openid-configuration']);
  });

  it('gives every sign-in a session id of its own (session fixation)', async () => {
    const signIn = createBrowserSignIn(configOf());
    const [first, second] = [await signedIn(signIn), await signedIn(signIn)];
    if (!first.ok || !second.ok) throw new Error('sign-in failed');
    expect(first.value.person.sessionId).not.toBe(second.value.person.sessionId);
  });
});

describe('a callback that must sign nobody in', () => {
  const why = async (attempt: ReturnType<BrowserSignIn['complete']>): Promise<string> => {
    const result = await attempt;
    return result.ok ? 'signed in' : result.refusal.why;
  };

  it('refuses a callback without the cookie of the browser that began (login CSRF)', async () => {
    const signIn = createBrowserSignIn(configOf());
    const { location } = await begun(signIn);
    expect(await why(signIn.complete({ url: issuer.authenticate(location), cookies: undefined }))).toBe(
      'state-missing',
    );
  });

  it("refuses another sign-in's answer in this browser, and a state given twice", async () => {
    const signIn = createBrowserSignIn(configOf());
    const [mine, other] = [await begun(signIn), await begun(signIn)];
    expect(
      await why(signIn.complete({ url: issuer.authenticate(other.location), cookies: pairsOf(mine.cookies) })),
    ).toBe('state-mismatch');
    const twice = `${issuer.authenticate(mine.location)}&state=x`;
    expect(await why(signIn.complete({ url: twice, cookies: pairsOf(mine.cookies) }))).toBe('state-mismatch');
  });

  it('refuses the state after five minutes, and a session in the place of a state', async () => {
    const signIn = createBrowserSignIn(configOf());
    const { location, cookies } = await begun(signIn);
    now = new Date(now.getTime() + 301_000);
    expect(await why(signIn.complete({ url: issuer.authenticate(location), cookies: pairsOf(cookies) }))).toBe(
      'state-missing',
    );
    const done = await signedIn(signIn);
    if (!done.ok) throw new Error(done.refusal.why);
    const session = pairsOf(done.value.cookies)
      .split(';')[0]
      ?.replace('__Host-countersign=', '__Host-countersign-signin=');
    expect(await why(signIn.complete({ url: `${ORIGIN}/signin/callback?code=a&state=b`, cookies: session }))).toBe(
      'state-missing',
    );
  });

  it('refuses a code that was redeemed before', async () => {
    const signIn = createBrowserSignIn(configOf());
    const { location, cookies } = await begun(signIn);
    const callback = { url: issuer.authenticate(location), cookies: pairsOf(cookies) };
    expect((await signIn.complete(callback)).ok).toBe(true);
    expect(await why(signIn.complete(callback))).toBe('response-invalid');
  });

  it("refuses the issuer's own refusal and names only whether the person said no", async () => {
    const signIn = createBrowserSignIn(configOf());
    const { location, cookies } = await begun(signIn);
    const state = new URL(location).searchParams.get('state');
    const url = `${ORIGIN}/signin/callback?error=access_denied&error_description=%3Cscript%3E&state=${state}`;
    expect(await signIn.complete({ url, cookies: pairsOf(cookies) })).toEqual({
      ok: false,
      refusal: { why: 'issuer-refused', denied: true },
    });
  });

  const seconds = (): number => Math.floor(Date.now() / 1000);
  it.each<[string, () => Record<string, unknown>]>([
    ["an agent's audience", () => ({ aud: 'https://mcp.example/mcp' })],
    ['several audiences and another authorized party', () => ({ aud: ['countersign-web', 'other'], azp: 'other' })],
    ['another issuer', () => ({ iss: 'https://evil.example' })],
    ['another nonce', () => ({ nonce: 'replayed' })],
    ['no nonce', () => ({ nonce: undefined })],
    ['an expired token', () => ({ exp: seconds() - 600, iat: seconds() - 900 })],
    ['no auth_time', () => ({ auth_time: undefined })],
    ['an authentication of yesterday', () => ({ auth_time: seconds() - 86_400 })],
    ['no subject', () => ({ sub: undefined })],
  ])('refuses an ID token with %s', async (_what, lies) => {
    issuer.lie(lies());
    expect(await why(signedIn(createBrowserSignIn(configOf())))).toBe('response-invalid');
  });

  it('refuses an ID token that a key outside the published set has signed', async () => {
    issuer.forgeSignature();
    expect(await why(signedIn(createBrowserSignIn(configOf())))).toBe('response-invalid');
  });

  it('refuses a person without the identifying claim; the e-mail address never takes its place', async () => {
    expect(await why(signedIn(createBrowserSignIn(configOf({ personClaim: 'oid' }))))).toBe('person-unidentified');
    issuer.lie({ oid: '' });
    expect(await why(signedIn(createBrowserSignIn(configOf({ personClaim: 'oid' }))))).toBe('person-unidentified');
  });

  it.each([
    ['a text', 'kubernetes-operators'],
    ['a text with commas', 'a,kubernetes-operators'],
    ['a near name', ['kubernetes-operators ', 'Kubernetes-Operators', 'kubernetes-operators-eu']],
    ['an object', { 'kubernetes-operators': true }],
  ])('takes no group from %s', async (_what, groups) => {
    issuer.lie({ groups });
    const done = await signedIn(createBrowserSignIn(configOf()));
    expect(done.ok && done.value.person.groups).toEqual([]);
  });

  it('refuses a person whose groups would not fit into a cookie', async () => {
    issuer.lie({ groups: Array.from({ length: 100 }, (_, at) => `group-${at}-${'x'.repeat(60)}`) });
    const signIn = createBrowserSignIn({ ...configOf(), relevantGroups: null });
    expect(await why(signedIn(signIn))).toBe('session-too-large');
  });
});

describe('the issuer', () => {
  it('refuses to start with http on another machine, and answers issuer-unavailable for its unprotected endpoints', async () => {
    expect(() => createBrowserSignIn(configOf({ issuer: 'http://issuer.example' }))).toThrow('an issuer is https');
    issuer.metadata({ token_endpoint: 'http://issuer.example/token' });
    expect(await createBrowserSignIn(configOf()).begin('/')).toEqual({
      ok: false,
      refusal: { why: 'issuer-unavailable' },
    });
  });

  it('answers issuer-unavailable for a document of another issuer, and asks again after a failure', async () => {
    const signIn = createBrowserSignIn(configOf());
    issuer.metadata({ issuer: 'https://evil.example' });
    expect((await signIn.begin('/')).ok).toBe(false);
    issuer.metadata({});
    expect((await signIn.begin('/')).ok).toBe(true);
  });

  it('answers issuer-unavailable when nobody listens', async () => {
    const signIn = createBrowserSignIn(configOf());
    await issuer.close();
    expect(await signIn.begin('/')).toEqual({ ok: false, refusal: { why: 'issuer-unavailable' } });
  });
});
