/**
 * Reads of the API: quorum reads (no resourceVersion in the query), each either what was asked for, its absence, or Unavailable. The
 * server's error texts end here: they may quote the request, the object or a webhook's words.
 */
import { type ClusterIdentity, type Json, Unavailable } from '@countersign/approvals';
import { textAt } from '../objects/json-at.ts';
import { clusterObjectPath, type ResourceKind } from '../objects/resource-kinds.ts';
import { neutralise } from '../redaction/neutralise.ts';
import type { ClusterConnection } from './connect-cluster.ts';

/** The cluster knows the identity and refuses it (or no longer knows it). Ports that can say so answer `cluster.forbidden`. */
export class Forbidden extends Unavailable {
  override readonly name = 'Unavailable';
  /** The rule of a role that would have allowed it; absent where the identity itself was not accepted. */
  readonly rule: string | undefined;

  constructor(message: string, rule?: string) {
    super(message);
    this.rule = rule;
  }
}

export type Query = Readonly<Record<string, string | undefined>>;
export type ReadAnswer =
  | { readonly kind: 'found'; readonly body: Buffer }
  | { readonly kind: 'absent' | 'expired' | 'invalid' };

/** Throws Unavailable (unreachable, 5xx, 429), Forbidden (401, 403). */
export async function readRaw(
  connection: ClusterConnection,
  path: readonly string[],
  query: Query = {},
  accept?: string,
): Promise<ReadAnswer> {
  const answer = await connection.send({ method: 'GET', path, query, accept, repeatable: true });
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  switch (answer.status) {
    case 200:
      return { kind: 'found', body: answer.body };
    case 400:
    case 422:
      return { kind: 'invalid' };
    case 401:
      throw new Forbidden("the cluster refused the deployment's identity");
    case 403:
      throw new Forbidden("the cluster refused the deployment's identity", ruleFor(path));
    case 404:
      return { kind: 'absent' };
    case 410:
      return { kind: 'expired' };
    default:
      throw new Unavailable('the cluster answered with a fault of its own');
  }
}

/** The RBAC rule that a read of this path takes, in the words of a role: what an operator has to add. */
function ruleFor(path: readonly string[]): string | undefined {
  const [root, ...rest] = path;
  if (root !== 'api' && root !== 'apis') return undefined;
  const group = root === 'api' ? '' : (rest[0] ?? '');
  const below = rest.slice(root === 'api' ? 1 : 2);
  const [plural, name, subresource] = below[0] === 'namespaces' && below.length > 2 ? below.slice(2) : below;
  if (plural === undefined) return undefined;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  return `apiGroups ['${group}'], resources [${resource}], verbs [${name === undefined ? 'list' : 'get'}]`;
}

/** An answer as JSON. Throws Unavailable where it is none: an API server answers JSON, a proxy in front of it may not. */
export function jsonOf(body: Buffer): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch {
    throw new Unavailable('the cluster answered something that is no JSON');
  }
}

/** One object; null where it is absent. */
export async function readObject(connection: ClusterConnection, path: readonly string[]): Promise<Json | null> {
  const answer = await readRaw(connection, path);
  if (answer.kind === 'found') return jsonOf(answer.body);
  if (answer.kind === 'absent') return null;
  throw new Unavailable('the cluster did not understand a read');
}

export const readClusterObject = (
  connection: ClusterConnection,
  kind: ResourceKind,
  name: string,
): Promise<Json | null> => readObject(connection, clusterObjectPath(kind, name));

/** kube-system's uid and the hash of the CA that the connection trusts: a name alone could be pointed elsewhere. */
export async function readIdentity(connection: ClusterConnection): Promise<ClusterIdentity> {
  const namespace = await readObject(connection, ['api', 'v1', 'namespaces', 'kube-system']);
  const uid = textAt(namespace ?? undefined, 'metadata', 'uid');
  if (!uid) throw new Unavailable('the cluster has no namespace kube-system to know it by');
  return { name: connection.name, uid, ca: connection.caHash };
}

/** `v1.34.2`; what a server says of itself, for people. */
export async function readServerVersion(connection: ClusterConnection): Promise<string> {
  const version = await readObject(connection, ['version']);
  return neutralise(textAt(version ?? undefined, 'gitVersion') ?? 'unknown', 50);
}
