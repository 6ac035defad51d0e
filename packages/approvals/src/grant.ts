/** The grant: authorises one intent digest, once. Signed by functions/grant alone; checked claim by claim against the plan. */
import * as z from 'zod';
import { deriveApproval } from './approval.ts';
import { clusterIdentity, digest, instant, targetKey } from './intent.ts';
import { openPlan } from './open-plan.ts';
import type { GrantRecord, Plan } from './plan.ts';
import type { PolicySet } from './policy.ts';
import type { Clock, Outbox, PlanStore } from './ports.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { planId, RELEASE_MODES } from './review.ts';
import { type PinnedKeys, type Signer, seal, sealHash, unseal } from './seal.ts';
import { advance, chainRefusal } from './transitions.ts';

export const EXECUTOR_AUDIENCE = 'countersign-executor';

export const grantClaims = z.strictObject({
  format: z.literal('countersign.grant/v1'),
  iss: z.string(),
  aud: z.literal(EXECUTOR_AUDIENCE),
  /** The plan id: one grant a plan. */
  jti: planId,
  /** The plan's version counter when the grant was made. */
  planVersion: z.number().int().min(1),
  intentDigest: digest,
  reviewDigest: digest,
  policyHash: digest,
  cluster: clusterIdentity,
  /** targetKey of every step, in order. */
  targets: z.array(z.string()).min(1),
  /** sealHash of every vote that the approval was derived from, sorted. */
  votes: z.array(digest).min(1),
  /** Head hash of the passkey registry when the assertions were verified; null where the policy asks for none. */
  passkeyRegistryHead: digest.nullable(),
  release: z.enum(RELEASE_MODES),
  issuedAt: instant,
  nbf: instant,
  exp: instant,
});
export type GrantClaims = z.infer<typeof grantClaims>;

export const sealGrant = (claims: GrantClaims, signer: Signer): Promise<string> =>
  seal('grant', grantClaims.parse(claims), signer);

export async function openGrant(record: GrantRecord, keys: PinnedKeys): Promise<GrantClaims | undefined> {
  const parsed = grantClaims.safeParse(await unseal('grant', record.seal, keys));
  return parsed.success ? parsed.data : undefined;
}

export interface GrantPorts {
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
  readonly grantSigner: Signer;
  readonly deployment: string;
  readonly clock: Clock;
}

/** Counts the votes of the plan that the message points to; signs the grant when the policy is met. Safe to repeat. */
export async function grantPlan(
  message: { readonly outboxId: string },
  ports: GrantPorts,
): Promise<Result<Plan, Refusal>> {
  const order = await ports.outbox.read(message.outboxId);
  if (order === null || order.kind !== 'grant' || order.pointer.type !== 'plan')
    return refuse({ code: 'plan.not_found' });
  const done = async (refusal: Refusal): Promise<Result<Plan, Refusal>> => {
    await ports.outbox.settle(order.outboxId);
    return refuse(refusal);
  };
  const read = await readRecords(ports.plans, order.pointer.planId);
  if (!read.ok) return done(read.refusal);
  const records = read.value;
  if (records.plan.status !== 'pending') return done({ code: 'plan.not_pending', status: records.plan.status });
  const opened = openPlan(records);
  if (!opened.ok) return done(opened.refusal);
  const { review, reviewDigest, intent, intentDigest } = opened.value;
  const now = ports.clock();
  if (now.toISOString() >= review.window.notAfter)
    return done({ code: 'plan.expired', notAfter: review.window.notAfter });
  const broken = chainRefusal(records.plan, await ports.plans.chain(records.plan.planId));
  if (broken !== undefined) return done(broken);
  const approval = await deriveApproval(records.votes, { ...ports, review, reviewDigest });
  // A rolling deploy: another instance may know the policy already. The order stays; the sweeper sends it again.
  if (!approval.ok) return approval.refusal.code === 'policy.unknown' ? approval : done(approval.refusal);

  const claims: GrantClaims = {
    format: 'countersign.grant/v1',
    iss: ports.deployment,
    aud: EXECUTOR_AUDIENCE,
    jti: records.plan.planId,
    planVersion: records.plan.version,
    intentDigest,
    reviewDigest,
    policyHash: review.policyHash,
    cluster: intent.cluster,
    targets: intent.steps.map((step) => targetKey(step.target)),
    votes: [...approval.value.votes],
    passkeyRegistryHead: null,
    release: review.releaseMode,
    issuedAt: now.toISOString(),
    nbf: review.window.notBefore,
    exp: review.window.notAfter,
  };
  const grant: GrantRecord = {
    format: 'countersign.grant-record/v1',
    planId: records.plan.planId,
    seal: await sealGrant(claims, ports.grantSigner),
  };
  const change = advance(records.plan, {
    type: 'grant.issued',
    actor: 'system:grant',
    now,
    data: { grant: sealHash(grant.seal), intentDigest, reviewDigest, votes: [...claims.votes] },
    set: { grantedVersion: records.plan.version },
    outbox: [
      ...(review.releaseMode === 'immediate' ? [{ kind: 'execute' } as const] : []),
      { kind: 'notify', notice: 'decided' },
    ],
    settles: [order.outboxId],
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit({ ...change.value, grant, openAt: now.toISOString() });
  // Another vote, exit or grant came first: the order stays and is read again, by then against the new state.
  return committed.ok ? pass(change.value.after) : refuse({ code: 'request.conflict' });
}
