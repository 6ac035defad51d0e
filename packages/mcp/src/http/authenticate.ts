/** Who calls: the bearer token in the Authorization header alone. A cookie, a query parameter or a body field is not looked at (OAuth 2.1 section 5.1). */
import { type Principal, pass, publicRefusal, type Result, refuse } from '@countersign/approvals';
import type { AccessEntries } from '../access-entries.ts';
import type { McpConfig } from '../config.ts';
import type { McpPorts } from '../ports.ts';
import { holdsAny, type Scope, scopesToAskFor } from '../scopes.ts';
import { challenge } from './challenge.ts';
import { publicEdgeRefusal } from './edge-refusal.ts';
import { type FaultShape, faultResponse } from './fault-response.ts';

export interface Edge {
  readonly ports: McpPorts;
  readonly config: McpConfig;
  readonly entries: AccessEntries;
}

export async function authenticated(
  request: Request,
  { ports, config, entries }: Edge,
  shape: FaultShape,
): Promise<Result<Principal, Response>> {
  const verified = await ports.verifier.verify(request.headers.get('authorization') ?? undefined);
  if (verified.ok) return pass(verified.value.principal);
  const { refusal } = verified;
  const fault = refusal.code === 'token.invalid' ? refusal.fault : null;
  await entries.add('token.refused', null, { code: refusal.code, fault });
  const headers = challenge(config, ['mcp:read'], refusal.code === 'token.invalid' ? 'invalid_token' : undefined);
  return refuse(faultResponse(401, publicEdgeRefusal({ code: refusal.code }), headers, shape));
}

/**
 * At HTTP level and before dispatch: only a 403 challenge makes a client step up, an error inside a result does not (MCP 2025-11-25,
 * authorization). Undefined: one of the scopes is held.
 */
export async function scopeRefusal(
  needed: readonly [Scope, ...Scope[]],
  asked: { readonly principal: Principal; readonly tool: string | null },
  { config, entries }: Edge,
  shape: FaultShape,
): Promise<Response | undefined> {
  const { principal, tool } = asked;
  if (holdsAny(principal.scopes, needed)) return undefined;
  const scope = needed[0];
  await entries.add('scope.refused', principal.id, { tool, scope });
  const headers = challenge(config, scopesToAskFor(principal.scopes, scope), 'insufficient_scope');
  return faultResponse(403, publicRefusal({ code: 'access.scope_missing', scope }), headers, shape);
}
