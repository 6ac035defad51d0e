import * as z from 'zod';
import { REPLICAS_MAX } from '../limits.ts';
import { namespace, reason, scaledKind, workloadName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestScaleDeployment = defineTool({
  ...REQUEST_TOOL,
  name: 'request_scale_deployment',
  title: 'Request a scale',
  description: `Requests another number of replicas for one Deployment, StatefulSet or ReplicaSet. ${STORES_A_PLAN} Policy bounds the number; 0 stops the workload.`,
  input: z.strictObject({
    namespace,
    name: workloadName,
    kind: scaledKind,
    replicas: z.number().int().min(0).max(REPLICAS_MAX).describe('Policy may allow less, by default 0 to 5.'),
    reason,
  }),
  execute: ({ kind, namespace: where, name, replicas, reason: why }, call) =>
    requestChanges([{ kind, namespace: where, name, operation: { type: 'scale', replicas } }], { reason: why }, call),
});
