/**
 * Policies: data, content-hashed, shipped inside the functions' assets and never read from a table.
 * Changing one is a reviewed redeploy; earlier versions stay in the assets while an open plan may name them.
 */
import * as z from 'zod';
import { type Digest, digestOf } from './digest.ts';
import { NAMESPACE_PATTERN, OPERATION_TYPES } from './intent.ts';
import { POLICY_EXPRESSION_CHARACTERS_MAX, POLICY_LIST_ENTRIES_MAX, POLICY_RULES_MAX } from './limits.ts';
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

/**
 * Codes of the deny rules that packages/kubernetes evaluates on the dry run's result. A policy lists those that deny; what the others find
 * is told to the reviewer and raises the risk tier. docs/policy.md says of each what it finds.
 */
export const DENY_RULES = [
  'privileged',
  'host-namespace',
  'host-path',
  'added-capability',
  'image-tag',
  'namespace-not-allowed',
  'replicas-out-of-bounds',
  'container-unknown',
  'protected-namespace',
  'protected-metadata',
  'secret-kind',
  'escalation-kind',
  'data-deleted',
  'host-port',
  'ephemeral-container',
  'service-exposed',
  'service-account',
  'token-mount',
  'secret-mount',
  'secret-like-key',
  'sub-path',
  'container-added',
  'program-changed',
  'selector-changed',
  'image-downgrade',
] as const;
export type DenyRule = (typeof DENY_RULES)[number];

/** A kind of the API as `plural.group` (`deployments.apps`), the plural alone for the core group (`pods`), or `*` for every kind. */
export const KIND_NAME_PATTERN = /^(\*|[a-z][a-z0-9]{0,62}(\.[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?)$/;
const kindNames = z.array(z.string().regex(KIND_NAME_PATTERN)).max(POLICY_LIST_ENTRIES_MAX);
const namespaceNames = z.array(z.string().regex(NAMESPACE_PATTERN)).max(POLICY_LIST_ENTRIES_MAX);
/** `registry.example.com`, `registry:5000/team`: a host, or a host and the beginning of a path. */
const REGISTRY_PATTERN =
  /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?(:[0-9]{1,5})?(\/[a-z0-9]([-._a-z0-9]{0,126}[a-z0-9])?){0,10}$/;

/**
 * A rule of the policy's own, as a CEL expression over `object`, `oldObject`, `operation`, `target` and `requester`; it speaks where the
 * expression is true. What the three effects mean, and what an expression that fails means, stands in docs/policy.md.
 */
export const policyRule = z.strictObject({
  name: z.string().regex(NAMESPACE_PATTERN),
  effect: z.enum(['deny', 'review', 'allow']),
  /** For the person who reads the finding. Never text from the cluster. */
  message: z.string().min(1).max(300),
  /** Absent: every kind, namespace, operation. */
  kinds: kindNames.min(1).optional(),
  namespaces: namespaceNames.min(1).optional(),
  operations: z.array(z.enum(OPERATION_TYPES)).min(1).optional(),
  expression: z.string().min(1).max(POLICY_EXPRESSION_CHARACTERS_MAX),
});
export type PolicyRule = z.infer<typeof policyRule>;

/** No plan changes anything in these, whatever a policy says: whoever can write there owns the cluster, or Countersign itself. */
export const ALWAYS_PROTECTED_NAMESPACES = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'countersign-system',
] as const;

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

  // Each key below was added later and may be absent: then it says nothing, and the hash of an older document is what it was.
  /** Kinds that agents may read; denied wins. Absent: every kind that lives in a namespace and is no Secret. */
  reads: z
    .strictObject({
      kinds: kindNames.optional(),
      deniedKinds: kindNames.optional(),
      /** Kinds that live in no namespace, each by its name: `*` means none of them. Absent: none. */
      clusterScoped: kindNames.optional(),
    })
    .optional(),
  /** Kinds that a plan may change; deny wins. Absent: every kind that the adapter can change. */
  kinds: z.strictObject({ allow: kindNames.optional(), deny: kindNames.optional() }).optional(),
  /** In addition to ALWAYS_PROTECTED_NAMESPACES. */
  protectedNamespaces: namespaceNames.optional(),
  images: z
    .strictObject({
      /** Where images that a plan sets may come from. Absent: anywhere. */
      registries: z.array(z.string().regex(REGISTRY_PATTERN)).min(1).max(POLICY_LIST_ENTRIES_MAX).optional(),
      digestRequired: z.boolean().optional(),
    })
    .optional(),
  /** The profile of the Pod Security Standards that a plan may not move away from. */
  podSecurity: z.enum(['baseline', 'restricted']).optional(),
  rules: z
    .array(policyRule)
    .max(POLICY_RULES_MAX)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, { message: 'each name once' })
    .optional(),
});
export type Policy = z.infer<typeof policySchema>;

export const policyHash = (policy: Policy): Digest => digestOf('countersign.dev/policy/v1', policy);

/** The deployed policy and every earlier version that an open plan may name, by hash. */
export interface PolicySet {
  readonly deployed: Policy;
  readonly deployedHash: Digest;
  readonly byHash: ReadonlyMap<Digest, Policy>;
}

/** Throws on a document that is no policy, with a sentence that names the fields: a function with a wrong policy must not start. */
export function policySet(deployed: unknown, earlier: readonly unknown[] = []): PolicySet {
  const current = readPolicy(deployed, 'the deployed policy');
  const all = [current, ...earlier.map((document, at) => readPolicy(document, `earlier policy ${at + 1}`))];
  return {
    deployed: current,
    deployedHash: policyHash(current),
    byHash: new Map(all.map((policy) => [policyHash(policy), policy])),
  };
}

function readPolicy(document: unknown, which: string): Policy {
  const parsed = policySchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'document'}: ${message}`);
  throw new Error(`${which} cannot be used: ${faults.join('; ')}`);
}

export const protectedNamespaces = (policy: Policy): readonly string[] => [
  ...ALWAYS_PROTECTED_NAMESPACES,
  ...(policy.protectedNamespaces ?? []),
];

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
