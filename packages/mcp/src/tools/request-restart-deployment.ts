import * as z from 'zod';
import { namespace, reason, rolledKind, workloadName } from './fields.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool } from './tool.ts';

export const requestRestartDeployment = defineTool({
  ...REQUEST_TOOL,
  name: 'request_restart_deployment',
  title: 'Request a restart',
  description: `Requests a rolling restart of one Deployment, StatefulSet or DaemonSet. ${STORES_A_PLAN} Use when Pods hang or must reread their configuration; a crash loop is seldom cured by it.`,
  input: z.strictObject({ namespace, name: workloadName, kind: rolledKind, reason }),
  execute: ({ kind, namespace: where, name, reason: why }, call) =>
    requestChanges([{ kind, namespace: where, name, operation: { type: 'restart' } }], { reason: why }, call),
});
