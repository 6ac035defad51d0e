/**
 * The token with which an agent asks for the next page. The API server's own token says where its list goes on; ours says of which list. An
 * agent can make one up, as it can any argument: it is no authority. What keeps a made-up one from showing anything else is that kind,
 * namespace and selectors are sent anew with every page from arguments that have been judged, and that each object that comes back is held
 * against the namespace that was asked for. The binding makes a token that was given for one list a refusal, not a surprise, in another.
 */
import { createHash } from 'node:crypto';
import { CONTINUE_CHARACTERS_MAX } from '../limits.ts';

export interface ListedSet {
  /** kindKey and version. */
  readonly kind: string;
  readonly namespace: string | null;
  readonly labelSelector: string | undefined;
  readonly fieldSelector: string | undefined;
}

const hashOf = ({ kind, namespace, labelSelector, fieldSelector }: ListedSet): string =>
  createHash('sha256')
    .update(JSON.stringify(['countersign.dev/continue/v1', kind, namespace, labelSelector ?? '', fieldSelector ?? '']))
    .digest('base64url')
    .slice(0, 22);

/** Null where the server's token is longer than any that we take back. */
export function wrapContinue(set: ListedSet, token: string): string | null {
  const wrapped = Buffer.from(JSON.stringify([hashOf(set), token])).toString('base64url');
  return wrapped.length <= CONTINUE_CHARACTERS_MAX ? wrapped : null;
}

/** The server's token, or undefined where this one was not given for this list. */
export function unwrapContinue(set: ListedSet, wrapped: string): string | undefined {
  if (wrapped.length > CONTINUE_CHARACTERS_MAX || !/^[A-Za-z0-9_-]+$/.test(wrapped)) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(wrapped, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 2) return undefined;
  const [hash, token] = parts as readonly unknown[];
  // Printable ASCII: what an API server makes is base64url, what an aggregated one makes is its own affair.
  return hash === hashOf(set) && typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) ? token : undefined;
}
