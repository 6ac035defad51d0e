import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { expect, vi } from 'vitest';
import { createTemporaryData } from '../../contract/temporary-data.ts';
import { type Front, startFront } from '../front.ts';
import { createIssuer, type Issuer } from '../issuer.ts';
import { createTestBrowser, type TestBrowser, type Visit } from './test-browser.ts';

export const PAGES_ORIGIN = 'http://localhost:8787';
export const INSECURE = { [oauth.allowInsecureRequests]: true } as const;
const VERIFIER = oauth.generateRandomCodeVerifier();

/** An authorization code flow of one client. A parameter that is '' is left out. */
export type Flow = {
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly redirectUri: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tokenParameters?: Record<string, string>;
};

/** A running issuer with a person at a browser, for tests. */
export type TestIssuer = {
  readonly issuer: Issuer;
  /** What it says about itself. */
  readonly server: oauth.AuthorizationServer;
  readonly origin: string;
  readonly port: number;
  readonly resource: string;
  readonly dataPath: string;
  readonly browser: TestBrowser;
  setNow(now: () => Date): void;
  verify(token: string): Promise<JWTPayload>;
  passwordOf(email: string): string;
  machineToken(name: 'agent' | 'reader', parameters?: Record<string, string>): Promise<oauth.TokenEndpointResponse>;
  cli(parameters?: Record<string, string>): Flow;
  web(parameters?: Record<string, string>): Flow;
  authorizationUrl(flow: Flow, more?: Record<string, string>): Promise<string>;
  signIn(flow: Flow, email?: string): Promise<Visit>;
  redeem(flow: Flow, visit: Visit, verifier?: string): Promise<oauth.TokenEndpointResponse>;
  /** Stops it and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Fails where the issuer reported a defect. */
  close(): Promise<void>;
};

export async function startTestIssuer(): Promise<TestIssuer> {
  const temporary = createTemporaryData();
  const defects: unknown[] = [];
  let now = () => new Date();
  const report = (problem: unknown) => defects.push(problem);
  const listen = (port: number, issuer?: Issuer) =>
    startFront({
      port,
      addresses: ['127.0.0.1'],
      names: ['127.0.0.1'],
      routes: issuer ? [{ path: '/', origins: [`http://127.0.0.1:${port}`], listener: issuer.handler }] : [],
      report,
    });
  // The issuer's name holds its port, so the port comes first.
  const reservation = await listen(0);
  const { port } = reservation;
  await reservation.stop();
  const origin = `http://127.0.0.1:${port}`;
  const resource = `${origin}/mcp`;

  async function start(): Promise<{ issuer: Issuer; front: Front; server: oauth.AuthorizationServer }> {
    const issuer = await createIssuer({
      data: temporary.open(),
      origin,
      resource,
      pagesOrigin: PAGES_ORIGIN,
      now: () => now(),
      report,
    });
    const front = await listen(port, issuer);
    // A kept connection to the port of before a restart may fail once.
    const server = await vi.waitFor(() => discover(issuer.issuer));
    return { issuer, front, server };
  }
  async function stop(): Promise<void> {
    await running.front.stop();
    running.issuer.stop();
  }
  let running = await start();
  const browser = createTestBrowser(origin);
  const passwordOf = (email: string) => running.issuer.users.find((person) => person.email === email)?.password ?? '';

  return {
    get issuer() {
      return running.issuer;
    },
    get server() {
      return running.server;
    },
    origin,
    port,
    resource,
    dataPath: temporary.path,
    browser,
    setNow(changed) {
      now = changed;
    },
    async verify(token) {
      const { issuer, jwks } = running.issuer;
      return (await jwtVerify(token, createLocalJWKSet({ keys: [...jwks.keys] }), { issuer })).payload;
    },
    passwordOf,
    async machineToken(name, parameters = { resource }) {
      const { clientId, clientSecret } = running.issuer.clients[name];
      const client = { client_id: clientId };
      const authentication = oauth.ClientSecretBasic(clientSecret);
      const response = await oauth.clientCredentialsGrantRequest(
        running.server,
        client,
        authentication,
        parameters,
        INSECURE,
      );
      return oauth.processClientCredentialsResponse(running.server, client, response);
    },
    cli: (parameters = { resource, scope: 'mcp:read mcp:execute' }) => ({
      client: { client_id: running.issuer.clients.cli.clientId },
      authentication: oauth.None(),
      redirectUri: 'http://127.0.0.1:49152/callback',
      parameters,
    }),
    web: (parameters = { scope: 'openid email profile', max_age: '28800' }) => ({
      client: { client_id: running.issuer.clients.web.clientId },
      authentication: oauth.ClientSecretBasic(running.issuer.clients.web.clientSecret),
      redirectUri: running.issuer.clients.web.redirectUri,
      parameters,
    }),
    authorizationUrl: (flow, more) => authorizationUrl(running.server, flow, more),
    async signIn(flow, email = 'operator@example.com') {
      const page = await browser.visit(await authorizationUrl(running.server, flow));
      expect(page.text).toContain('Password');
      return browser.submit(page, { email, password: passwordOf(email) });
    },
    redeem: (flow, visit, verifier = VERIFIER) => redeem(running.server, flow, visit, verifier),
    async restart() {
      await stop();
      running = await start();
    },
    async close() {
      await stop();
      temporary.remove();
      expect(defects).toEqual([]);
    },
  };
}

async function discover(issuer: string): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oidc', ...INSECURE }));
}

async function authorizationUrl(
  server: oauth.AuthorizationServer,
  { client, redirectUri, parameters }: Flow,
  more: Record<string, string> = {},
): Promise<string> {
  const url = new URL(server.authorization_endpoint ?? '');
  const all = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state: 'st',
    ...(parameters.scope?.includes('openid') ? { nonce: 'no' } : {}),
    code_challenge: await oauth.calculatePKCECodeChallenge(VERIFIER),
    code_challenge_method: 'S256',
    ...parameters,
    ...more,
  };
  for (const [name, value] of Object.entries(all)) if (value !== '') url.searchParams.set(name, value);
  return url.href;
}

async function redeem(
  server: oauth.AuthorizationServer,
  flow: Flow,
  visit: Visit,
  verifier: string,
): Promise<oauth.TokenEndpointResponse> {
  const answer = oauth.validateAuthResponse(server, flow.client, visit.left ?? new URL('http://none'), 'st');
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    flow.client,
    flow.authentication,
    answer,
    flow.redirectUri,
    verifier,
    {
      ...INSECURE,
      additionalParameters: flow.tokenParameters ?? {},
    },
  );
  const expected = flow.parameters.scope?.includes('openid') ? { expectedNonce: 'no' } : {};
  return oauth.processAuthorizationCodeResponse(server, flow.client, response, expected);
}
