/** The tools as data: what every conversation pays for and relies on. A change here is a change for every client. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DESCRIPTION_CHARACTERS_MAX, INSTRUCTIONS_CHARACTERS_MAX, TOOL_DEFINITIONS_CHARACTERS_MAX } from '../limits.ts';
import { INSTRUCTIONS } from '../server/instructions.ts';
import { TOOLS, toolNamed } from './registry.ts';
import { TOOL_NAMES } from './tool-names.ts';

const listed = TOOLS.map((tool) => tool.listed());

test('the tools are these, in this order, and none of them approves', () => {
  expect(listed.map((tool) => tool.name)).toEqual([
    'get_allowed_namespaces',
    'get_k8s_status',
    'get_k8s_events',
    'get_pod_logs',
    'list_k8s_resources',
    'get_k8s_resource',
    'get_api_resources',
    'get_deployment_diagnostics',
    'get_pod_diagnostics',
    'get_service_diagnostics',
    'get_statefulset_diagnostics',
    'get_daemonset_diagnostics',
    'get_job_diagnostics',
    'get_ingress_diagnostics',
    'get_hpa_diagnostics',
    'get_rollout_history',
    'get_cluster_health',
    'can_i',
    'list_anomalies',
    'request_restart_deployment',
    'request_scale_deployment',
    'request_set_deployment_image',
    'request_rollback_deployment',
    'request_apply_manifest',
    'request_delete_manifest',
    'request_patch_resource',
    'request_label_resource',
    'request_annotate_resource',
    'request_change',
    'request_undo',
    'propose_remediation',
    'execute_kubectl',
    'execute_approved_plan',
    'get_plan_status',
    'wait_for_plan_approval',
    'get_pending_approvals',
    'cancel_plan',
  ]);
  expect(listed.map((tool) => tool.name)).toEqual(TOOL_NAMES);
});

test('no argument of any tool is a decision, a path or a URL, a flag of a client or an identity', () => {
  const names = listed.flatMap((tool) => Object.keys(tool.inputSchema.properties as object));
  expect([...new Set(names)].sort()).toEqual([
    'action',
    'annotations',
    'apiGroup',
    'changes',
    'command',
    'commands',
    'container',
    'continue',
    'detail',
    'excludeEventTypes',
    'fieldSelector',
    'gracePeriodSeconds',
    'image',
    'includeResolved',
    'kind',
    'labelSelector',
    'labels',
    'limit',
    'manifest',
    'manifests',
    'metadata',
    'name',
    'namespace',
    'namespaced',
    'nodeLimit',
    'offset',
    'operation',
    'output',
    'patch',
    'patchType',
    'planId',
    'podName',
    'previous',
    'propagationPolicy',
    'reason',
    'replicas',
    'revision',
    'severity',
    'status',
    'stdin',
    'tailLines',
    'timeoutSeconds',
    'verbs',
  ]);
});

describe.each(listed)('$name', (tool) => {
  test('says in few words what it does, and lists all four annotations', () => {
    expect(tool.description.length).toBeLessThan(DESCRIPTION_CHARACTERS_MAX);
    expect(tool.description).toMatch(/^[A-Z][a-z]+s .*\.$/s);
    expect(tool.name).toMatch(/^[a-z0-9_]{1,40}$/);
    expect(Object.keys(tool.annotations).sort()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
      'title',
    ]);
  });

  test('refuses unknown arguments and promises its answer', () => {
    expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(tool.outputSchema).toMatchObject({ type: 'object', additionalProperties: false });
  });

  test('that quotes others says what was done to their text', () => {
    const properties = tool.outputSchema.properties as object;
    const quotes = JSON.stringify(tool.outputSchema).includes('"untrusted"') || 'diff' in properties;
    expect('guardrail' in properties).toBe(quotes);
  });
});

test('only what writes to the cluster or ends a plan is destructive, only reads are read-only', () => {
  const named = (hint: 'destructiveHint' | 'readOnlyHint') =>
    listed.filter((tool) => tool.annotations[hint]).map((tool) => tool.name);
  expect(named('destructiveHint')).toEqual(['execute_approved_plan', 'cancel_plan']);
  expect(named('readOnlyHint')).toEqual(
    listed.map((tool) => tool.name).filter((name) => !/^(request|propose|execute|cancel)_/.test(name)),
  );
});

test('every tool that changes a plan needs a scope that reading does not give', () => {
  for (const tool of TOOLS) {
    const reads = tool.listed().annotations.readOnlyHint;
    // Its command says which of its two scopes a call needs.
    if (tool.name !== 'execute_kubectl') expect((tool.scopes as readonly string[]).includes('mcp:read')).toBe(reads);
  }
});

test('an unknown name is no tool, whatever it inherits', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'Get_K8s_Status', 'approve_plan', '']) {
    expect(toolNamed(name)).toBeUndefined();
  }
});

test('all definitions together, and the instructions, stay within what clients keep', () => {
  expect(JSON.stringify(listed).length).toBeLessThan(TOOL_DEFINITIONS_CHARACTERS_MAX);
  expect(INSTRUCTIONS.length).toBeLessThan(INSTRUCTIONS_CHARACTERS_MAX);
});

test('the instructions name no tool that does not exist', () => {
  const named = INSTRUCTIONS.match(/\b[a-z]+(_[a-z0-9]+)+\b/g) ?? [];
  for (const name of named.filter((word) => word !== 'request_')) expect(TOOL_NAMES).toContain(name);
});

test('the definitions are as they were', async () => {
  await expect(`${JSON.stringify(listed, null, 2)}\n`).toMatchFileSnapshot('fixtures/tools.json');
});

test('docs/tools.md has one line per tool, and it is right', () => {
  const document = readFileSync(new URL('../../../../docs/tools.md', import.meta.url), 'utf8');
  const [table = ''] = document.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    TOOLS.map((tool) => {
      const { name, description, inputSchema, annotations } = tool.listed();
      const required = new Set((inputSchema.required as string[] | undefined) ?? []);
      const parameters = Object.keys(inputSchema.properties as object).map((key) =>
        required.has(key) ? key : `${key}?`,
      );
      const kind = annotations.readOnlyHint ? 'reads' : annotations.destructiveHint ? 'acts' : 'proposes';
      const firstSentence = description.slice(0, description.search(/[.:;] /) + 1).replace(/[:;]$/, '.');
      return `| \`${name}\` | ${parameters.join(', ') || '-'} | ${tool.scopes.join(' or ')} | ${kind} | ${firstSentence} |`;
    }),
  );
});
