/** RFC 9728: which authorization servers speak for this resource. Public, the same for everybody. */
import type { McpConfig } from '../config.ts';
import { METADATA_AGE_SECONDS } from '../limits.ts';
import { SCOPES } from '../scopes.ts';

export function resourceMetadata(config: McpConfig): Response {
  const metadata = {
    resource: config.resource,
    resource_name: 'Countersign',
    authorization_servers: config.authorizationServers,
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
  };
  return Response.json(metadata, { headers: { 'cache-control': `public, max-age=${METADATA_AGE_SECONDS}` } });
}
