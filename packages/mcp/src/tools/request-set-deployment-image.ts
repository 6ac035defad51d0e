import * as z from 'zod';
import { containerName, image, namespace, reason, rolledKind, workloadName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestSetDeploymentImage = defineTool({
  ...REQUEST_TOOL,
  name: 'request_set_deployment_image',
  title: 'Request an image change',
  description: `Requests another image for one existing container of a Deployment, StatefulSet or DaemonSet. ${STORES_A_PLAN} Prefer an image from the rollout history that get_deployment_diagnostics shows.`,
  input: z.strictObject({
    namespace,
    name: workloadName,
    kind: rolledKind,
    container: containerName.describe('An existing container; others are refused.'),
    image,
    reason,
  }),
  execute: ({ kind, namespace: where, name, container, image: to, reason: why }, call) => {
    const operation = { type: 'set-image', container, image: to } as const;
    return requestChanges([{ kind, namespace: where, name, operation }], { reason: why }, call);
  },
});
