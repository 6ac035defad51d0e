/** The identities of infra/cluster/rbac.yaml, and a token for one of them by TokenRequest. */
import { Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { jsonOf } from '../connection/read.ts';
import { textAt } from '../objects/json-at.ts';

const NAMESPACE = 'countersign-system';

export const IDENTITIES = ['reader', 'proposer', 'executor'] as const;
export type IdentityName = (typeof IDENTITIES)[number];

export interface IssuedToken {
  readonly token: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** `absent`: there is no such service account. `forbidden`: the connection's identity may not ask for its tokens, or is not known there. */
export type TokenAnswer =
  | { readonly kind: 'issued'; readonly issued: IssuedToken }
  | { readonly kind: 'absent' | 'forbidden' };

/** A token that ends by itself after `seconds` (at least 600). Throws Unavailable where the cluster gives no verdict. */
export async function requestToken(
  connection: ClusterConnection,
  identity: IdentityName,
  seconds: number,
): Promise<TokenAnswer> {
  const answer = await connection.send({
    method: 'POST',
    path: ['api', 'v1', 'namespaces', NAMESPACE, 'serviceaccounts', `countersign-${identity}`, 'token'],
    body: {
      contentType: 'application/json',
      json: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: seconds } },
    },
    // Nothing is stored: a second token is as good as the first.
    repeatable: true,
  });
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  if (answer.status === 404) return { kind: 'absent' };
  if (answer.status === 401 || answer.status === 403) return { kind: 'forbidden' };
  const object = answer.status === 201 ? jsonOf(answer.body) : null;
  const [token, expiresAt] = [textAt(object, 'status', 'token'), textAt(object, 'status', 'expirationTimestamp')];
  if (!token || !expiresAt) throw new Unavailable('the cluster gave no token');
  return { kind: 'issued', issued: { token, expiresAt } };
}
