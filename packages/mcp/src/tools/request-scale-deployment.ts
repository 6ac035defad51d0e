import * as z from 'zod';
import { REPLICAS_MAX } from '../limits.ts';
import { deploymentName, namespace, reason } from './fields.ts';
import { REQUEST_TOOL, requestChange } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestScaleDeployment = defineTool({
  ...REQUEST_TOOL,
  name: 'request_scale_deployment',
  title: 'Request a scale',
  description:
    'Requests another number of replicas for one Deployment. Changes nothing: it stores a plan made from a server-side dry run and answers it, with digest, diff, risk and the reviewUrl where a person must approve it in a browser. Show the user the reviewUrl, then wait_for_plan_approval, then execute_approved_plan. Policy bounds the number; 0 stops the workload.',
  input: z.strictObject({
    namespace,
    name: deploymentName,
    replicas: z.number().int().min(0).max(REPLICAS_MAX).describe('Policy may allow less, by default 0 to 5.'),
    reason,
  }),
  execute: (input, call) => requestChange(input, { type: 'scale', replicas: input.replicas }, input.reason, call),
});
