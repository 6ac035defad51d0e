/**
 * Policies: data, content-hashed, shipped inside the functions' assets and never read from a table.
 * Changing one is a reviewed redeploy; earlier versions stay in the assets while an open plan may name them.
 */
import * as z from 'zod';
import { type Digest, digestOf } from './digest.ts';
import { NAMESPACE_PATTERN, OPERATION_TYPES } from './intent.ts';
import { PRINCIPAL_KINDS, type Requester } from './principal.ts';

export const RISK_TIERS = ['low', 'medium', 'high'] as const;
export type RiskTier = (typeof RISK_TIERS)[number];

const approvers = z.discriminatedUnion('kind', [
  /** The requesting person, and only that person. Makes sense for requesters of kind person. */
  z.strictObject({ kind: z.literal('requester') }),
  /** Members of the group by exact array membership, never the requester or its owner. */
  z.strictObject({ kind: z.literal('group'), group: z.string().min(1).max(256) }),
]);

export const approvalRule = z.strictObject({
  requesters: z.array(z.enum(PRINCIPAL_KINDS)).min(1),
  tiers: z.array(z.enum(RISK_TIERS)).min(1),
  approvers,
  /** How many different persons must approve. */
  quorum: z.number().int().min(1).max(10),
  passkey: z.boolean(),
  commentOnApprove: z.boolean(),
});
export type ApprovalRule = z.infer<typeof approvalRule>;

/** Access = scope and binding: which subjects may read and propose what, where. */
export const binding = z.strictObject({
  subject: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('principal'), id: z.string().min(1).max(100) }),
    z.strictObject({ kind: z.literal('group'), group: z.string().min(1).max(256) }),
    z.strictObject({ kind: z.literal('kind'), principalKind: z.enum(PRINCIPAL_KINDS) }),
  ]),
  namespaces: z.array(z.string().regex(NAMESPACE_PATTERN)).min(1),
  operations: z.array(z.enum(['read', ...OPERATION_TYPES])).min(1),
});
export type Binding = z.infer<typeof binding>;

/** Codes of the deny rules that packages/kubernetes evaluates on the dry run's result. A policy lists those it switches on. */
export const DENY_RULES = [
  'privileged',
  'host-namespace',
  'host-path',
  'added-capability',
  'image-tag',
  'namespace-not-allowed',
  'replicas-out-of-bounds',
  'container-unknown',
] as const;
export type DenyRule = (typeof DENY_RULES)[number];

export const policySchema = z.strictObject({
  format: z.literal('countersign.policy/v1'),
  name: z.string().min(1).max(63),
  version: z.number().int().min(1),
  namespaces: z.array(z.string().regex(NAMESPACE_PATTERN)).min(1),
  replicas: z.strictObject({ min: z.number().int().min(0), max: z.number().int().min(0).max(1_000) }),
  deny: z.array(z.enum(DENY_RULES)),
  approvals: z.array(approvalRule).min(1),
  bindings: z.array(binding),
  /** Members see every plan and may cancel any (operators); auditors see every plan. */
  operators: z.array(z.string().min(1).max(256)),
  auditors: z.array(z.string().min(1).max(256)),
  /** `binding`: at execution the deployed policy must still bind the requester (by id or kind; groups of then are not known now) to the change. */
  requesterRight: z.enum(['not-asked', 'binding']),
  /** Principals that may release any client's approved plan beside its requester and owner. */
  executors: z.array(z.string().min(1).max(100)),
  windowSeconds: z
    .number()
    .int()
    .min(60)
    .max(7 * 24 * 3600),
  /** How long verification may watch before the result is inconclusive. */
  verifySeconds: z.number().int().min(5).max(3600),
});
export type Policy = z.infer<typeof policySchema>;

export const policyHash = (policy: Policy): Digest => digestOf('countersign.dev/policy/v1', policy);

/** The deployed policy and every earlier version that an open plan may name, by hash. */
export interface PolicySet {
  readonly deployed: Policy;
  readonly deployedHash: Digest;
  readonly byHash: ReadonlyMap<Digest, Policy>;
}

/** Throws on a document that is no policy: a function with a wrong policy must not start. */
export function policySet(deployed: unknown, earlier: readonly unknown[] = []): PolicySet {
  const current = policySchema.parse(deployed);
  const all = [current, ...earlier.map((document) => policySchema.parse(document))];
  return {
    deployed: current,
    deployedHash: policyHash(current),
    byHash: new Map(all.map((policy) => [policyHash(policy), policy])),
  };
}

/** The first rule that names this kind of requester and tier, or none: then nobody may approve, and the plan is refused. */
export function approvalRuleFor(policy: Policy, by: Requester, tier: RiskTier): ApprovalRule | undefined {
  const rule = policy.approvals.find((r) => r.requesters.includes(by.kind) && r.tiers.includes(tier));
  if (rule === undefined) return undefined;
  /** "The requester approves" means nothing for a machine: an unknown link fails closed. */
  if (rule.approvers.kind === 'requester' && by.kind !== 'person') return undefined;
  /** An agent or service whose owner is unknown could be its own approver's tool: nobody may approve. */
  if ((by.kind === 'agent' || by.kind === 'service') && by.owner === null) return undefined;
  return rule;
}
