import * as z from 'zod';
import { deploymentName, namespace, reason } from './fields.ts';
import { REQUEST_TOOL, requestChange } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestRestartDeployment = defineTool({
  ...REQUEST_TOOL,
  name: 'request_restart_deployment',
  title: 'Request a restart',
  description:
    'Requests a rolling restart of one Deployment. Changes nothing: it stores a plan made from a server-side dry run and answers it, with digest, diff, risk and the reviewUrl where a person must approve it in a browser. Show the user the reviewUrl, then wait_for_plan_approval, then execute_approved_plan. Use when Pods hang or must reread their configuration; a crash loop is seldom cured by it.',
  input: z.strictObject({ namespace, name: deploymentName, reason }),
  execute: (input, call) => requestChange(input, { type: 'restart' }, input.reason, call),
});
