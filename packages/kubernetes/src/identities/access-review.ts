/** What an identity may do, asked of the cluster's own authoriser (SelfSubjectAccessReview). */
import { Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { jsonOf } from '../connection/read.ts';
import { valueAt } from '../objects/json-at.ts';

export interface Access {
  readonly verb: string;
  /** '' for the core group. */
  readonly group: string;
  /** Plural. */
  readonly resource: string;
  readonly subresource?: string;
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly name?: string;
}

/** Throws Unavailable where the cluster gives no verdict. */
export async function mayI(connection: ClusterConnection, access: Access): Promise<boolean> {
  const answer = await connection.send({
    method: 'POST',
    path: ['apis', 'authorization.k8s.io', 'v1', 'selfsubjectaccessreviews'],
    body: {
      contentType: 'application/json',
      json: {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { ...access } },
      },
    },
    repeatable: true,
  });
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  const allowed = answer.status === 201 ? valueAt(jsonOf(answer.body), 'status', 'allowed') : undefined;
  if (typeof allowed !== 'boolean') throw new Unavailable('the cluster did not say what an identity may do');
  return allowed;
}
