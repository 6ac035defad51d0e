/** WWW-Authenticate: how a client learns where to authorize and for what (RFC 6750 section 3, RFC 9728 section 5.1). */
import type { McpConfig } from '../config.ts';
import type { Scope } from '../scopes.ts';

/** Well-known path of the resource's metadata: before the resource's own path (RFC 9728 section 3.1). */
export const METADATA_ROOT_PATH = '/.well-known/oauth-protected-resource';
export const METADATA_PATH = `${METADATA_ROOT_PATH}/mcp`;

const metadataUrl = (config: McpConfig): string => new URL(METADATA_PATH, config.resource).href;

/** `error` is left out where no token was sent at all (RFC 6750 section 3.1). Every value is one of ours, so none needs escaping. */
export function challenge(
  config: McpConfig,
  scopes: readonly Scope[],
  error?: 'invalid_token' | 'insufficient_scope',
): { readonly 'www-authenticate': string } {
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`, `error_description="${DESCRIPTIONS[error]}"`]),
    `resource_metadata="${metadataUrl(config)}"`,
    `scope="${scopes.join(' ')}"`,
  ];
  return { 'www-authenticate': `Bearer ${parameters.join(', ')}` };
}

const DESCRIPTIONS = {
  invalid_token: 'The access token is not valid for this endpoint',
  insufficient_scope: 'The access token lacks a scope that this call needs',
} as const;
