import { type Json, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import { parseCommand } from '../kubectl/parse-command.ts';
import { reasonOf, understood } from '../kubectl/remediation.ts';
import type { ReadTool } from '../kubectl/verb.ts';
import { LOG_CHARACTERS_MAX } from '../limits.ts';
import { PROPOSED_PLAN_UNTRUSTED, proposedPlanShape } from '../plans/proposed-plan.ts';
import { holdsAny, type Scope } from '../scopes.ts';
import { command, stdin } from './command-fields.ts';
import { namespace, reason } from './fields.ts';
import { getAllowedNamespaces } from './get-allowed-namespaces.ts';
import { getApiResources } from './get-api-resources.ts';
import { getDaemonSetDiagnostics } from './get-daemon-set-diagnostics.ts';
import { getDeploymentDiagnostics } from './get-deployment-diagnostics.ts';
import { getK8sEvents } from './get-k8s-events.ts';
import { getK8sResource } from './get-k8s-resource.ts';
import { getK8sStatus } from './get-k8s-status.ts';
import { getPodLogs } from './get-pod-logs.ts';
import { getStatefulSetDiagnostics } from './get-stateful-set-diagnostics.ts';
import { listK8sResources } from './list-k8s-resources.ts';
import { REQUEST_TOOL, requestChanges, STORES_A_PLAN } from './request-change.ts';
import { defineTool, type Tool, type ToolCall } from './tool.ts';

/** A reading command is a call of one of these, with everything that they judge; there is no other way to a cluster from here. */
const READS: Readonly<Record<ReadTool, Tool>> = {
  get_allowed_namespaces: getAllowedNamespaces,
  get_k8s_status: getK8sStatus,
  get_k8s_events: getK8sEvents,
  get_pod_logs: getPodLogs,
  get_k8s_resource: getK8sResource,
  list_k8s_resources: listK8sResources,
  get_api_resources: getApiResources,
  get_deployment_diagnostics: getDeploymentDiagnostics,
  get_statefulset_diagnostics: getStatefulSetDiagnostics,
  get_daemonset_diagnostics: getDaemonSetDiagnostics,
};

const NEEDS = { read: 'mcp:read', change: 'mcp:propose' } as const satisfies Record<string, Scope>;

export const executeKubectl = defineTool({
  ...REQUEST_TOOL,
  name: 'execute_kubectl',
  title: 'Read or propose by kubectl command',
  description: `Answers a reading kubectl command (get, describe, logs, events, rollout status) at once; makes a plan of a changing one. The command is parsed, never run by a shell or a kubectl; what is not understood is refused by name. A plan: ${STORES_A_PLAN.charAt(0).toLowerCase()}${STORES_A_PLAN.slice(1)}`,
  scopes: ['mcp:read', 'mcp:propose'],
  scopesFor: neededScope,
  input: z.strictObject({
    command,
    namespace: namespace.optional().describe('For a command without -n; else default.'),
    stdin,
    reason: reason.optional(),
  }),
  output: z.strictObject({
    outcome: z.enum(['answered', 'approval_required']),
    verb: z.string(),
    namespace: z.string().describe('The one that was taken.'),
    tool: z.string().optional().describe('The reading tool that answered.'),
    plan: proposedPlanShape.optional(),
    untrusted: z.unknown().optional().describe("The reading tool's answer."),
  }),
  untrusted: [...PROPOSED_PLAN_UNTRUSTED, 'untrusted'],
  untrustedTextCharactersMax: LOG_CHARACTERS_MAX,
  async execute(input, call) {
    const text = { command: input.command, namespace: input.namespace, manifest: input.stdin };
    const parsed = understood(text, 1);
    if (!parsed.ok) return parsed;
    const { verb, namespace: where, understood: meant } = parsed.value;
    const scope = NEEDS[meant.does];
    if (!holdsAny(call.principal.scopes, [scope])) return refuse({ code: 'access.scope_missing', scope });
    if (meant.does === 'read') {
      const read = await answerOf(meant.tool, meant.input, call);
      if (!read.ok) return read;
      const { structured, text: says } = read.value;
      return pass({
        structured: { outcome: 'answered' as const, verb, namespace: where, tool: meant.tool, untrusted: structured },
        text: says,
      });
    }
    const words = {
      reason: input.reason ?? reasonOf('', [{ ...text, explanation: '', safetyLevel: undefined }]).trim(),
    };
    const plan = await requestChanges(meant.changes, words, call);
    if (!plan.ok) return plan;
    const { structured, ...rest } = plan.value;
    return pass({
      ...rest,
      structured: { outcome: 'approval_required' as const, verb, namespace: where, plan: structured },
    });
  },
});

async function answerOf(
  name: ReadTool,
  input: { readonly [name: string]: unknown },
  call: ToolCall,
): Promise<Result<{ readonly structured: { readonly [key: string]: Json }; readonly text: string }, Refusal>> {
  const answer = await READS[name].run(input, call);
  if (!answer.ok) return answer;
  return pass({ structured: answer.value.structured, text: answer.value.text });
}

/** For the edge's challenge: a client steps up only by a 403, and only the command says what it needs. */
function neededScope(input: unknown): readonly [Scope] | undefined {
  if (typeof input !== 'object' || input === null || !('command' in input) || typeof input.command !== 'string')
    return undefined;
  const asked = input as { readonly command: string; readonly namespace?: unknown; readonly stdin?: unknown };
  const parsed = parseCommand({
    command: asked.command,
    namespace: typeof asked.namespace === 'string' ? asked.namespace : undefined,
    manifest: typeof asked.stdin === 'string' || isObject(asked.stdin) ? asked.stdin : undefined,
  });
  return parsed.ok ? [NEEDS[parsed.value.understood.does]] : undefined;
}

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
