import * as z from 'zod';
import { namespace, reason, rolledKind, workloadName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestRollbackDeployment = defineTool({
  ...REQUEST_TOOL,
  name: 'request_rollback_deployment',
  title: 'Request a rollback',
  description: `Requests to bring the Pod template of one Deployment, StatefulSet or DaemonSet back to an earlier revision. ${STORES_A_PLAN} The plan holds that template whole: nothing is looked up when it runs. Without revision, the one before the present.`,
  input: z.strictObject({
    namespace,
    name: workloadName,
    kind: rolledKind,
    revision: z.number().int().min(1).describe('As the rollout history numbers it.').optional(),
    reason,
  }),
  execute: ({ kind, namespace: where, name, revision, reason: why }, call) => {
    const operation = { type: 'rollback', revision: revision ?? null } as const;
    return requestChanges([{ kind, namespace: where, name, operation }], { reason: why }, call);
  },
});
