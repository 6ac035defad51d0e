import * as z from 'zod';
import { changedKind, namespace, reason, resourceName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestAnnotateResource = defineTool({
  ...REQUEST_TOOL,
  name: 'request_annotate_resource',
  title: 'Request a annotation change',
  description: `Requests annotations of one object to be set or removed. ${STORES_A_PLAN} Annotations can steer controllers; the plan shows the change.`,
  input: z.strictObject({
    namespace,
    kind: changedKind,
    name: resourceName,
    annotations: z.record(z.string(), z.string().nullable()).describe('Key to value, or null to remove it.'),
    reason,
  }),
  execute: ({ kind, namespace: where, name, annotations, reason: why }, call) =>
    requestChanges(
      [{ kind, namespace: where, name, operation: { type: 'annotate', annotations } }],
      { reason: why },
      call,
    ),
});
