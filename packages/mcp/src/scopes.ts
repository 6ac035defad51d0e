/** Scopes: the first half of access. Bindings, the second half, are judged where a namespace is known. */
export const SCOPES = ['mcp:read', 'mcp:propose', 'mcp:execute'] as const;
export type Scope = (typeof SCOPES)[number];

/** Any one of a tool's scopes is enough. */
export const holdsAny = (held: readonly string[], needed: readonly Scope[]): boolean =>
  needed.some((scope) => held.includes(scope));

/**
 * What a client must ask for to go on: what it has and what it lacks, in one challenge, so that a step-up does not lose a scope
 * (MCP 2025-11-25, authorization, scope challenge handling).
 */
export function scopesToAskFor(held: readonly string[], needed: Scope): readonly Scope[] {
  return SCOPES.filter((scope) => scope === needed || held.includes(scope));
}
