import type { ClientMetadata } from 'oidc-provider';
import type { DataDirectory } from '../../contract/data-directory.ts';

export const MCP_SCOPES = ['mcp:read', 'mcp:propose', 'mcp:execute'] as const;
/** What a client gets that asks for nothing and was promised nothing. */
export const LEAST_MCP_SCOPE = 'mcp:read';
const PERSON_SCOPES = ['openid', 'email', 'profile', 'groups'] as const;

export type LocalClients = {
  readonly agent: { readonly clientId: string; readonly clientSecret: string; readonly scopes: readonly string[] };
  readonly reader: { readonly clientId: string; readonly clientSecret: string; readonly scopes: readonly string[] };
  /** Public: a person's own token by authorization code with PKCE, on any port of the redirect's loopback address. */
  readonly cli: { readonly clientId: string; readonly redirectUri: string };
  /** The pages' own sign-in. */
  readonly web: { readonly clientId: string; readonly clientSecret: string; readonly redirectUri: string };
};

export function createClients(data: DataDirectory, pagesOrigin: string): LocalClients {
  const secret = (name: string) => data.secret(`client-${name}`, 32).toString('base64url');
  return {
    agent: { clientId: 'agent', clientSecret: secret('agent'), scopes: MCP_SCOPES },
    reader: { clientId: 'reader', clientSecret: secret('reader'), scopes: ['mcp:read'] },
    cli: { clientId: 'cli', redirectUri: 'http://127.0.0.1/callback' },
    web: { clientId: 'web', clientSecret: secret('web'), redirectUri: `${pagesOrigin}/signin/callback` },
  };
}

/** Clients of our own, which people are not asked about. */
export function isFirstParty(clients: LocalClients, clientId: string): boolean {
  return Object.values(clients).some((client) => client.clientId === clientId);
}

export function createClientMetadata(clients: LocalClients, pagesOrigin: string): ClientMetadata[] {
  const machine = ({ clientId, clientSecret, scopes }: LocalClients['agent']): ClientMetadata => ({
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials'],
    response_types: [],
    redirect_uris: [],
    scope: scopes.join(' '),
  });
  return [
    machine(clients.agent),
    machine(clients.reader),
    {
      client_id: clients.cli.clientId,
      client_name: 'Command line',
      application_type: 'native', // Any port of its loopback redirect (RFC 8252 section 7.3).
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [clients.cli.redirectUri],
      scope: [...PERSON_SCOPES, ...MCP_SCOPES].join(' '),
    },
    {
      client_id: clients.web.clientId,
      client_name: 'Countersign',
      client_secret: clients.web.clientSecret,
      grant_types: ['authorization_code'],
      redirect_uris: [clients.web.redirectUri],
      post_logout_redirect_uris: [`${pagesOrigin}/`],
      require_auth_time: true,
      scope: PERSON_SCOPES.join(' '),
    },
  ];
}
