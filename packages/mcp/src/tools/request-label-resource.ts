import * as z from 'zod';
import { changedKind, namespace, reason, resourceName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestLabelResource = defineTool({
  ...REQUEST_TOOL,
  name: 'request_label_resource',
  title: 'Request a label change',
  description: `Requests labels of one object to be set or removed. ${STORES_A_PLAN} Selectors of Services and workloads go by labels: the plan says what it would move.`,
  input: z.strictObject({
    namespace,
    kind: changedKind,
    name: resourceName,
    labels: z.record(z.string(), z.string().nullable()).describe('Key to value, or null to remove it.'),
    reason,
  }),
  execute: ({ kind, namespace: where, name, labels, reason: why }, call) =>
    requestChanges([{ kind, namespace: where, name, operation: { type: 'label', labels } }], { reason: why }, call),
});
