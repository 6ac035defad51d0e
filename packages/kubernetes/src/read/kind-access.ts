/** can_i, the cluster's part: which kind a name means, whether Countersign's reader may read it, and which operations the executor has for it. */
import { type OperationType, pass, type Refusal, type Result, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { Forbidden, jsonOf } from '../connection/read.ts';
import { type ReadRules, type Unreadable, whyUnreadable } from '../discovery/read-rules.ts';
import { kindKey, type ServedKind } from '../discovery/served-kind.ts';
import { CHANGEABLE_KINDS } from '../objects/changeable-kinds.ts';
import { valueAt } from '../objects/json-at.ts';

export interface KindAccess {
  /** `plural.group`. */
  readonly name: string;
  readonly kind: string;
  /** `role`: the reader's own role in the cluster lacks the rule; null where it may be read. */
  readonly unreadable: Unreadable | 'role' | null;
  /** What a plan can do to it, by the table that the executor's role grants. */
  readonly operations: readonly OperationType[];
}

export async function kindAccess(
  connection: ClusterConnection,
  served: ServedKind,
  namespace: string,
  rules: ReadRules,
): Promise<Result<KindAccess, Refusal>> {
  const { group, plural, kind } = served;
  const denied = whyUnreadable(served, rules) ?? null;
  const role = denied === null && !(await readerMay(connection, served, namespace)) ? 'role' : null;
  const changeable = CHANGEABLE_KINDS.find((known) => known.plural === plural && groupOf(known.apiVersion) === group);
  return pass({ name: kindKey(served), kind, unreadable: denied ?? role, operations: changeable?.operations ?? [] });
}

const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';

/** A SelfSubjectAccessReview: a question, which every identity may ask about itself; nothing is stored. */
async function readerMay(
  connection: ClusterConnection,
  { group, plural }: ServedKind,
  namespace: string,
): Promise<boolean> {
  const answer = await connection.send({
    method: 'POST',
    path: ['apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'],
    body: {
      contentType: 'application/json',
      json: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { namespace, verb: 'list', group, resource: plural } },
      },
    },
    repeatable: true,
  });
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  if (answer.status === 401 || answer.status === 403)
    throw new Forbidden("the cluster refused the deployment's identity");
  if (answer.status !== 200 && answer.status !== 201)
    throw new Unavailable('the cluster answered with a fault of its own');
  return valueAt(jsonOf(answer.body), 'status', 'allowed') === true;
}
