/**
 * Answered from Countersign's own rules, because those decide: an agent has no identity in the cluster, so a SelfSubjectAccessReview could
 * only speak of Countersign's. Each layer that a call would pass is asked here too, and every one that refuses is named.
 */
import {
  approvalRuleFor,
  boundNamespaces,
  OPERATION_TYPES,
  type OperationType,
  type Policy,
  type Principal,
  pass,
  protectedNamespaces,
  publicRefusal,
  type Refusal,
  type Result,
  RISK_TIERS,
} from '@countersign/approvals';
import * as z from 'zod';
import type { KindAccess } from '../ports.ts';
import { holdsAny, type Scope } from '../scopes.ts';
import { apiGroup, kind, namespace, READ_ONLY } from './fields.ts';
import { defineTool, type ToolCall } from './tool.ts';

const approvalShape = z.strictObject({
  riskTier: z.string(),
  decidedBy: z.string().describe('you, a group, or nobody: then a plan of this tier is refused.'),
  approvals: z.number(),
  passkey: z.boolean(),
});

export const canI = defineTool({
  name: 'can_i',
  title: 'Ask what you may do',
  description:
    'Answers whether you may read or propose one operation in a namespace, perhaps on one kind, and whether a person would be asked: who decides at which risk, and how many. Names every rule that stands in the way. It promises nothing of the change itself: its own dry run and policy findings come with the plan.',
  scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'],
  annotations: { ...READ_ONLY, openWorldHint: true },
  input: z.strictObject({
    operation: z.enum(['read', ...OPERATION_TYPES]),
    namespace,
    kind: kind.optional(),
    apiGroup: apiGroup.optional(),
  }),
  output: z.strictObject({
    allowed: z.boolean(),
    operation: z.string(),
    namespace: z.string(),
    kind: z.string().nullable(),
    against: z.array(z.strictObject({ code: z.string(), message: z.string(), next: z.string() })),
    personAsked: z.boolean().describe('A change never runs without a person.'),
    approval: z.array(approvalShape),
  }),
  untrusted: [],
  async execute(input, call) {
    const { operation } = input;
    const { policies } = call.ports;
    const against: Refusal[] = [...scopeAgainst(operation, call), ...bindingAgainst(input.namespace, operation, call)];
    // The cluster is asked for those alone whom nothing of ours refuses: what is served there is not everybody's to know.
    const ofKind = input.kind === undefined || against.length > 0 ? undefined : await kindOf(input, input.kind, call);
    if (ofKind !== undefined && !ofKind.ok) {
      if (ofKind.refusal.code !== 'access.kind_denied') return ofKind;
      against.push(ofKind.refusal);
    }
    if (ofKind?.ok === true) against.push(...kindAgainst(ofKind.value, operation, policies.deployed));
    const approval = operation === 'read' ? [] : approvalOf(policies.deployed, call.principal);
    if (operation !== 'read' && approval.every(({ approvals }) => approvals === 0)) {
      against.push(
        ownerUnknown(call.principal) ? { code: 'access.owner_unknown' } : { code: 'policy.nobody_may_approve' },
      );
    }
    const allowed = against.length === 0;
    return pass({
      structured: {
        allowed,
        operation,
        namespace: input.namespace,
        kind: ofKind?.ok === true ? ofKind.value.name : null,
        against: against.map(publicRefusal).map(({ code, message, next }) => ({ code, message, next })),
        personAsked: operation !== 'read',
        approval,
      },
      text: allowed
        ? `Yes: you may ${operation === 'read' ? 'read' : `propose ${operation}`} in ${input.namespace}.${operation === 'read' ? '' : ' A person must approve each plan.'}`
        : `No: ${against.map(({ code }) => code).join(', ')}.`,
    });
  },
});

type Operation = 'read' | OperationType;

function scopeAgainst(operation: Operation, { principal }: ToolCall): readonly Refusal[] {
  const scope: Scope = operation === 'read' ? 'mcp:read' : 'mcp:propose';
  return holdsAny(principal.scopes, [scope]) ? [] : [{ code: 'access.scope_missing', scope }];
}

function bindingAgainst(where: string, operation: Operation, { principal, ports }: ToolCall): readonly Refusal[] {
  const { deployed } = ports.policies;
  const allowed = boundNamespaces(deployed, principal, operation).filter(
    (one) => operation === 'read' || !protectedNamespaces(deployed).includes(one),
  );
  return allowed.includes(where) ? [] : [{ code: 'access.not_bound', namespace: where, operation, allowed }];
}

const kindOf = (
  { namespace: where, apiGroup: group }: { readonly namespace: string; readonly apiGroup?: string | undefined },
  named: string,
  { ports }: ToolCall,
): Promise<Result<KindAccess, Refusal>> => ports.reads.kindAccess({ kind: named, apiGroup: group, namespace: where });

function kindAgainst(access: KindAccess, operation: Operation, policy: Policy): readonly Refusal[] {
  const { name, unreadable, operations } = access;
  if (operation === 'read') {
    if (unreadable === null) return [];
    if (unreadable === 'role') return [{ code: 'cluster.forbidden', rule: `verbs [get, list] on ${name}` }];
    return [
      { code: 'access.kind_denied', kind: name, why: unreadable as 'secret' | 'policy' | 'cluster-scoped' | 'verbs' },
    ];
  }
  const { allow = ['*'], deny = [] } = policy.kinds ?? {};
  const names = (list: readonly string[]): boolean => list.includes('*') || list.includes(name);
  if (!operations.includes(operation)) {
    return [
      {
        code: 'target.kind_not_supported',
        kind: access.kind,
        allowed: operations.length === 0 ? ['none'] : operations.map((one) => `${one} for ${access.kind}`),
      },
    ];
  }
  if (!names(allow) || names(deny)) {
    const message = `the policy lets no plan change the kind ${name}`;
    return [{ code: 'policy.denied', findings: [{ severity: 'deny', code: 'kind-not-allowed', step: 1, message }] }];
  }
  return [];
}

function approvalOf(policy: Policy, principal: Principal): z.infer<typeof approvalShape>[] {
  return RISK_TIERS.map((riskTier) => {
    const rule = approvalRuleFor(policy, principal, riskTier);
    if (rule === undefined) return { riskTier, decidedBy: 'nobody', approvals: 0, passkey: false };
    const decidedBy =
      rule.approvers.kind === 'requester' ? 'you' : `group ${rule.approvers.group}, never you or your owner`;
    return { riskTier, decidedBy, approvals: rule.quorum, passkey: rule.passkey };
  });
}

const ownerUnknown = ({ kind: of, owner }: Principal): boolean =>
  (of === 'agent' || of === 'service') && owner === null;
