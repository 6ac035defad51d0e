import { randomBytes } from 'node:crypto';
import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { pageHeaders, renderPage } from '../page.ts';
import { createClientMetadata, isFirstParty, LEAST_MCP_SCOPE, type LocalClients, MCP_SCOPES } from './clients.ts';
import type { IssuerKey } from './keys.ts';
import {
  ACCESS_TOKEN_SECONDS,
  AUTHORIZATION_CODE_SECONDS,
  ID_TOKEN_SECONDS,
  INTERACTION_SECONDS,
  SESSION_SECONDS,
} from './limits.ts';
import { ISSUER_PATH, problemPage, signedOutPage, signOutPage } from './pages.ts';
import type { LocalPerson } from './people.ts';
import { isRewritten } from './registration.ts';
import type { IssuerStore } from './store.ts';

export type IssuerParts = {
  /** The one resource that access tokens are for: the MCP endpoint's address. */
  readonly resource: string;
  readonly pagesOrigin: string;
  readonly people: readonly LocalPerson[];
  readonly clients: LocalClients;
  readonly key: IssuerKey;
  readonly cookieKey: string;
  readonly store: IssuerStore;
};

export function createConfiguration(parts: IssuerParts): Configuration {
  const { people, clients, key } = parts;
  const personOf = (sub: string) => people.find((person) => person.sub === sub);
  const firstParty = (clientId: string) => isFirstParty(clients, clientId);
  return {
    adapter: parts.store.adapter,
    jwks: { keys: [key] },
    clients: createClientMetadata(clients, parts.pagesOrigin),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    scopes: ['openid', 'email', 'profile', 'groups', ...MCP_SCOPES],
    // Groups come with the sign-in itself, so that the pages need no second call for them.
    claims: {
      openid: ['sub', 'email', 'groups'],
      email: ['email', 'email_verified'],
      profile: ['name'],
      groups: ['groups'],
    },
    conformIdTokenClaims: false,
    allowOmittingSingleRegisteredRedirectUri: false,
    // Stops a stolen authorization code from being redeemed by its thief (RFC 7636, RFC 9700 section 2.1.1); every client.
    pkce: { required: () => true },
    cookies: {
      keys: [parts.cookieKey],
      // Cookies know no ports: whatever else listens on 127.0.0.1 may be sent those of this path, and no others.
      long: { httpOnly: true, sameSite: 'lax', path: ISSUER_PATH, signed: true },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true, issueRegistrationAccessToken: false, idFactory: createClientId },
      revocation: { enabled: true },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: createResourceIndicators(parts),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) =>
          setPage(ctx, await renderPage(signOutPage(form)), ["'self'", parts.pagesOrigin]),
        postLogoutSuccessSource: async (ctx) => setPage(ctx, await renderPage(signedOutPage(parts.pagesOrigin)), []),
      },
    },
    interactions: {
      url: (_ctx, interaction) => `${ISSUER_PATH}/interaction/${interaction.uid}`,
      policy: createPolicy(firstParty),
    },
    loadExistingGrant: (ctx) => loadGrant(ctx, firstParty),
    // Who stays signed in need not be asked every five minutes; each use gives a new refresh token (RFC 9700 section 4.14.2).
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    findAccount: (_ctx, sub) => {
      const person = personOf(sub);
      if (!person) return undefined;
      const claims = { sub, email: person.email, email_verified: true, name: person.email, groups: [...person.groups] };
      return { accountId: sub, claims: async () => claims };
    },
    extraTokenClaims: async (_ctx, token) => {
      const person = 'accountId' in token && token.accountId ? personOf(token.accountId) : undefined;
      return person ? { email: person.email, groups: [...person.groups] } : undefined;
    },
    clientBasedCORS: () => false,
    renderError: async (ctx, { error, error_description: description }) => {
      const what = `${description ?? error}.`.replace(/^\w/, (letter) => letter.toUpperCase());
      setPage(ctx, await renderPage(problemPage('This sign-in cannot go on', what, parts.pagesOrigin)), []);
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_SECONDS,
      ClientCredentials: ACCESS_TOKEN_SECONDS,
      AuthorizationCode: AUTHORIZATION_CODE_SECONDS,
      IdToken: ID_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_SECONDS,
      Grant: SESSION_SECONDS,
      RefreshToken: SESSION_SECONDS,
    },
  };
}

function createClientId({ req }: KoaContextWithOIDC): string {
  if (!isRewritten(req)) throw new errors.InvalidRequest(`clients register at ${ISSUER_PATH}/reg`);
  return `local-${randomBytes(16).toString('base64url')}`;
}

function setPage(ctx: KoaContextWithOIDC, body: string, formAction: readonly string[]): void {
  ctx.set(pageHeaders({ formAction }));
  ctx.body = body;
}

/**
 * One resource, and access tokens bound to it by `aud` (RFC 8707). The pages' own client gets none: what a sign-in gives
 * is worth nothing at the endpoint, and the other way round.
 */
function createResourceIndicators({
  resource,
  clients,
}: IssuerParts): NonNullable<Configuration['features']>['resourceIndicators'] {
  const isWeb = (clientId: string) => clientId === clients.web.clientId;
  return {
    enabled: true,
    // Some MCP clients leave `resource` out, at the token endpoint or everywhere.
    defaultResource: async (_ctx, client, oneOf) => oneOf ?? (isWeb(client.clientId) ? [] : resource),
    useGrantedResource: async () => true,
    getResourceServerInfo: async (ctx, indicator, client) => {
      if (indicator !== resource || isWeb(client.clientId))
        throw new errors.InvalidTarget(`tokens are issued for ${resource} only`);
      // No scope asked for: what the client was promised, or the least (RFC 6749 section 3.3). Here because it is the one
      // place of ours that runs after the client is known and before scopes are looked at.
      const { params } = ctx.oidc;
      if (params && params.scope === undefined) params.scope = client.scope ?? LEAST_MCP_SCOPE;
      return {
        scope: MCP_SCOPES.join(' '),
        audience: resource,
        accessTokenTTL: ACCESS_TOKEN_SECONDS,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      };
    },
  };
}

/** Our own clients are not asked about; a client that registered itself is, every time: anybody can bear its name (RFC 8252 section 8.6). */
function createPolicy(firstParty: (clientId: string) => boolean): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  const consent = policy.get('consent');
  consent?.checks.remove('native_client_prompt');
  consent?.checks.add(
    new interactionPolicy.Check(
      'not_our_client',
      'the person decides about programs that are not ours',
      'interaction_required',
      ({ oidc }) =>
        firstParty(oidc.client?.clientId ?? '') || oidc.result?.consent
          ? interactionPolicy.Check.NO_NEED_TO_PROMPT
          : interactionPolicy.Check.REQUEST_PROMPT,
    ),
  );
  return policy;
}

async function loadGrant(ctx: KoaContextWithOIDC, firstParty: (clientId: string) => boolean) {
  const { provider, client, session, account, result, params, resourceServers } = ctx.oidc;
  if (!client || !account) return undefined;
  const id = result?.consent?.grantId ?? session?.grantIdFor(client.clientId);
  const existing = id ? await provider.Grant.find(id) : undefined;
  if (!firstParty(client.clientId)) return existing;
  const grant = existing ?? new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  const scope = typeof params?.scope === 'string' ? params.scope : '';
  grant.addOIDCScope(scope);
  for (const indicator of Object.keys(resourceServers ?? {})) grant.addResourceScope(indicator, scope);
  await grant.save();
  return grant;
}
