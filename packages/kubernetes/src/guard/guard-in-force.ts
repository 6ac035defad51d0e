/** Whether a guard policy not only lies in the cluster but also refuses: asked in a dry run, which changes nothing either way. */
import { FIELD_MANAGER, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { jsonOf } from '../connection/read.ts';
import { textAt } from '../objects/json-at.ts';

const EXECUTOR_GUARD = 'countersign-executor-marked-writes';

/** A dry run of a ConfigMap without a mark, as the executor. Throws Unavailable where the cluster gives no verdict. */
export async function executorGuardRefuses(executor: ClusterConnection, namespace: string): Promise<boolean> {
  const answer = await executor.send({
    method: 'POST',
    path: ['api', 'v1', 'namespaces', namespace, 'configmaps'],
    query: { dryRun: 'All', fieldManager: FIELD_MANAGER },
    body: {
      contentType: 'application/json',
      json: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'countersign-doctor-' } },
    },
    repeatable: true,
  });
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  if (answer.status !== 403) return false;
  return (textAt(jsonOf(answer.body), 'message') ?? '').includes(`ValidatingAdmissionPolicy '${EXECUTOR_GUARD}'`);
}
