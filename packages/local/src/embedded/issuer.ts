import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JWK } from 'jose';
import { Provider } from 'oidc-provider';
import type { DataDirectory } from '../contract/data-directory.ts';
import type { FrontRoute } from './front.ts';
import { createClients, type LocalClients } from './issuer/clients.ts';
import { createConfiguration } from './issuer/configuration.ts';
import { handleInteraction, interactionIdOf } from './issuer/interactions.ts';
import { loadIssuerKey, publicPart } from './issuer/keys.ts';
import { REGISTRATION_BODY_BYTES } from './issuer/limits.ts';
import { ISSUER_PATH, STYLESHEET_PATH } from './issuer/pages.ts';
import { createPeople, type LocalPerson } from './issuer/people.ts';
import { registerLoopbackClient, withJsonBody } from './issuer/registration.ts';
import { openIssuerStore } from './issuer/store.ts';
import { createSignInThrottle } from './issuer/throttle.ts';
import { sendStylesheet } from './page.ts';
import { readBody } from './read-body.ts';

export type IssuerOptions = {
  readonly data: DataDirectory;
  /** The endpoint's origin, such as http://127.0.0.1:8788; the issuer lies below it at /local/oidc. */
  readonly origin: string;
  /** What access tokens are for: the MCP endpoint's address, such as http://127.0.0.1:8788/mcp. */
  readonly resource: string;
  /** The pages' origin, such as http://localhost:8787: where the client `web` is sent back to. */
  readonly pagesOrigin: string;
  /** A sentence on the sign-in page that says where a newcomer finds names and passwords. */
  readonly signInHint?: string;
  /** The machine's clock: tokens and sessions do not follow the clock of plans. */
  readonly now: () => Date;
  /** A defect; the error may quote a request, so a log takes its name only. */
  readonly report: (problem: unknown) => void;
};

export type Issuer = {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly jwksUri: string;
  readonly endSessionEndpoint: string;
  /** Public keys only. */
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly clients: LocalClients;
  readonly users: readonly LocalPerson[];
  /** Takes everything below /local/oidc and the well-known aliases. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The handler's paths with the origins that may come there, for startFront. */
  readonly routes: readonly FrontRoute[];
  stop(): void;
};

/**
 * Where a client looks for the metadata of an issuer with a path: below it (OpenID Connect Discovery), between host and
 * path (RFC 8414 section 3.1), and, for older MCP clients, at the root.
 */
const ALIASES: Readonly<Record<string, string>> = {
  [`/.well-known/oauth-authorization-server${ISSUER_PATH}`]: '/.well-known/oauth-authorization-server',
  [`/.well-known/openid-configuration${ISSUER_PATH}`]: '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server': '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration': '/.well-known/openid-configuration',
};

/** The OIDC issuer of local mode: three people, four clients, and whichever MCP client registers itself. All survive a restart. */
export async function createIssuer(options: IssuerOptions): Promise<Issuer> {
  const { data, origin, resource, pagesOrigin, now } = options;
  const people = createPeople(data);
  const clients = createClients(data, pagesOrigin);
  const key = await loadIssuerKey(data);
  const store = openIssuerStore(data.file('issuer.sqlite'), now);
  const cookieKey = data.secret('issuer-cookies', 32).toString('base64url');
  const issuer = `${origin}${ISSUER_PATH}`;
  const provider = new Provider(
    issuer,
    createConfiguration({ resource, pagesOrigin, people, clients, key, cookieKey, store }),
  );
  provider.on('server_error', (_ctx, problem) => options.report(problem));
  const callback = provider.callback();
  const interactions = {
    provider,
    people,
    throttle: createSignInThrottle(now),
    pagesOrigin,
    signInHint: options.signInHint,
  };

  /** The library routes by the path below its own, and builds addresses from the whole one. */
  async function pass(request: IncomingMessage, response: ServerResponse, below: string): Promise<void> {
    Object.assign(request, { url: below, originalUrl: `${ISSUER_PATH}${below}` });
    await callback(request, response);
  }

  async function handler(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/';
    const path = url.split('?', 1)[0] ?? '/';
    const alias = ALIASES[path];
    if (alias) return pass(request, response, alias);
    if (path === STYLESHEET_PATH) return sendStylesheet(response);
    const interaction = interactionIdOf(path);
    if (interaction) return handleInteraction(interactions, interaction, request, response);
    if (request.method === 'POST' && path === `${ISSUER_PATH}/reg`) return register(request, response);
    // What lies beside an alias is nobody's: the library's own 'not found' answers it.
    await pass(request, response, path.startsWith(`${ISSUER_PATH}/`) ? url.slice(ISSUER_PATH.length) : '/not-found');
  }

  async function register(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const registration = registerLoopbackClient(await readJson(request));
    if (registration.ok) return pass(withJsonBody(request, registration.metadata), response, '/reg');
    const body = JSON.stringify({ error: registration.error, error_description: registration.description });
    response.writeHead(400, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(body);
  }

  return {
    issuer,
    authorizationEndpoint: `${issuer}/auth`,
    tokenEndpoint: `${issuer}/token`,
    jwksUri: `${issuer}/jwks`,
    endSessionEndpoint: `${issuer}/session/end`,
    jwks: { keys: [publicPart(key)] },
    clients,
    users: people,
    handler,
    // Its own pages post forms to it; no page of another origin has business with it.
    routes: [ISSUER_PATH, ...Object.keys(ALIASES)].map((path) => ({ path, origins: [origin], listener: handler })),
    stop: () => store.close(),
  };
}

/** undefined for what is no JSON of a fitting size. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, REGISTRATION_BODY_BYTES);
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined;
  }
}
