import * as z from 'zod';
import { containerName, deploymentName, image, namespace, reason } from './fields.ts';
import { REQUEST_TOOL, requestChange } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestSetDeploymentImage = defineTool({
  ...REQUEST_TOOL,
  name: 'request_set_deployment_image',
  title: 'Request an image change',
  description:
    'Requests another image for one existing container of a Deployment. Changes nothing: it stores a plan made from a server-side dry run and answers it, with digest, diff, risk and the reviewUrl where a person must approve it in a browser. Show the user the reviewUrl, then wait_for_plan_approval, then execute_approved_plan. Prefer an image from the rollout history that get_deployment_diagnostics shows.',
  input: z.strictObject({
    namespace,
    name: deploymentName,
    container: containerName.describe('An existing container; others are refused.'),
    image,
    reason,
  }),
  execute: (input, call) =>
    requestChange(input, { type: 'set-image', container: input.container, image: input.image }, input.reason, call),
});
