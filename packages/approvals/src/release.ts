/** The release of a client's plan: that the approved plan may run now. Sealed by functions/mcp alone. */
import * as z from 'zod';
import { openGrant } from './grant.ts';
import { digest, instant } from './intent.ts';
import { openPlan } from './open-plan.ts';
import type { Plan, ReleaseRecord } from './plan.ts';
import type { PolicySet } from './policy.ts';
import type { Clock, Outbox, PlanStore } from './ports.ts';
import { type Requester, requester, requesterOf } from './principal.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { planId } from './review.ts';
import { type PinnedKeys, type Signer, seal, sealHash, unseal } from './seal.ts';
import { advance, outboxRecord } from './transitions.ts';
import { mayRelease } from './visibility.ts';

export const releaseStatement = z.strictObject({
  format: z.literal('countersign.release/v1'),
  iss: z.string(),
  planId,
  intentDigest: digest,
  reviewDigest: digest,
  /** sealHash of the grant that is released: a release cannot be carried over to another. */
  grantHash: digest,
  principal: requester,
  releasedAt: instant,
});
export type ReleaseStatement = z.infer<typeof releaseStatement>;

export const sealRelease = (statement: ReleaseStatement, signer: Signer): Promise<string> =>
  seal('release', releaseStatement.parse(statement), signer);

export async function openRelease(record: ReleaseRecord, keys: PinnedKeys): Promise<ReleaseStatement | undefined> {
  const parsed = releaseStatement.safeParse(await unseal('release', record.seal, keys));
  return parsed.success ? parsed.data : undefined;
}

export interface ReleasePorts {
  readonly plans: PlanStore;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
  readonly releaseSigner: Signer;
  readonly deployment: string;
  readonly clock: Clock;
}

/** Releases an approved client's plan for its one execution. Asking again while it runs or has run answers the plan as it is. */
export async function releasePlan(
  planId: string,
  by: Requester,
  ports: ReleasePorts,
): Promise<Result<{ readonly plan: Plan; readonly repeated: boolean }, Refusal>> {
  const read = await readRecords(ports.plans, planId);
  if (!read.ok) return read;
  const records = read.value;
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  const { plan } = records;
  const { review, intentDigest, reviewDigest } = opened.value;
  if (!mayRelease(review, by, ports.policies)) return refuse({ code: 'release.not_permitted' });
  if (plan.status !== 'approved') {
    if (plan.status === 'pending') return refuse({ code: 'plan.not_approved', status: plan.status });
    return plan.fence > 0 ? pass({ plan, repeated: true }) : refuse({ code: 'plan.finished', status: plan.status });
  }
  const now = ports.clock();
  if (review.releaseMode === 'immediate') return pass({ plan, repeated: true });
  if (records.release !== null) {
    if ((await openRelease(records.release, ports.keys)) === undefined) return refuse({ code: 'release.invalid' });
    // Released before and still not run: whatever became of the message, there is one again.
    await ports.outbox.add(outboxRecord({ kind: 'execute' }, plan, now));
    return pass({ plan, repeated: true });
  }
  if (now.toISOString() >= review.window.notAfter)
    return refuse({ code: 'plan.expired', notAfter: review.window.notAfter });
  if (records.grant === null || (await openGrant(records.grant, ports.keys)) === undefined)
    return refuse({ code: 'grant.missing' });

  const statement: ReleaseStatement = {
    format: 'countersign.release/v1',
    iss: ports.deployment,
    planId,
    intentDigest,
    reviewDigest,
    grantHash: sealHash(records.grant.seal),
    principal: requesterOf(by),
    releasedAt: now.toISOString(),
  };
  const release: ReleaseRecord = {
    format: 'countersign.release-record/v1',
    planId,
    seal: await sealRelease(statement, ports.releaseSigner),
  };
  const change = advance(plan, {
    type: 'release.recorded',
    actor: by.id,
    now,
    data: { grant: statement.grantHash, release: sealHash(release.seal) },
    outbox: [{ kind: 'execute' }],
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit({ ...change.value, release, openAt: now.toISOString() });
  if (committed.ok) return pass({ plan: change.value.after, repeated: committed.repeated });
  // Of two callers at once one has released it; the other is told the same.
  const stored = await ports.plans.readPlan(planId);
  return committed.conflict === 'release' && stored !== null
    ? pass({ plan: stored, repeated: true })
    : refuse({ code: 'request.conflict' });
}
