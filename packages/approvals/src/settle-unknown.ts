/**
 * The last way out of `unknown`: the cluster could not tell whether the write happened, so a person looks and says. An operator who neither
 * requested the plan nor owns the client that did; only once no request can land any more; by name, in the chain.
 */
import { lockOf } from './execution.ts';
import { readIntent } from './intent.ts';
import type { Plan } from './plan.ts';
import type { PolicySet } from './policy.ts';
import type { Clock, PlanStore } from './ports.ts';
import { bannedPersons } from './principal.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type Review, readReview } from './review.ts';
import { advance } from './transitions.ts';
import { maySee, type Viewer } from './visibility.ts';

export interface SettlePorts {
  readonly plans: PlanStore;
  readonly policies: PolicySet;
  readonly clock: Clock;
}

/** May this person settle it? For pages; judged again by settleUnknown. */
export function maySettle(
  plan: Plan,
  review: Review,
  by: Viewer,
  ports: Omit<SettlePorts, 'plans'>,
): Refusal | undefined {
  if (!maySee(review, by, ports.policies)) return { code: 'plan.not_found' };
  if (plan.status !== 'unknown') return { code: 'plan.finished', status: plan.status };
  const { lease } = plan;
  if (lease !== null && ports.clock().toISOString() < lease.until)
    return { code: 'claim.lease_running', until: lease.until };
  // Who asked for the change must not be the one who says that it did not happen, and so gets it a second time.
  const why = review.requester.kind === 'person' ? 'requester' : 'owner';
  if (bannedPersons(review.requester).includes(by.id)) return { code: 'vote.not_eligible', why };
  const operator = ports.policies.deployed.operators.some((group) => by.groups.includes(group));
  return operator ? undefined : { code: 'vote.not_eligible', why: 'group' };
}

/** `happened`: the step in doubt was written. Then the plan is verified like any other; steps that were never begun make it partially applied. */
export async function settleUnknown(
  planId: string,
  happened: boolean,
  by: Viewer,
  ports: SettlePorts,
): Promise<Result<Plan, Refusal>> {
  const read = await readRecords(ports.plans, planId);
  if (!read.ok) return read;
  const { plan, steps } = read.value;
  const review = readReview(plan.review)?.review;
  const intent = readIntent(plan.intent);
  if (review === undefined || !intent.ok) return refuse({ code: 'plan.not_found' });
  const refusal = maySettle(plan, review, by, ports);
  if (refusal !== undefined) return refuse(refusal);
  const written = steps.filter((step) => step.state === 'written' || (happened && step.state !== 'not-written')).length;
  const complete = written === intent.value.intent.steps.length;
  const change = advance(plan, {
    type: complete ? 'execution.applied' : written > 0 ? 'execution.partially_applied' : 'execution.failed',
    actor: by.id,
    now: ports.clock(),
    data: { happened, stepsWritten: written },
    set: complete
      ? { lease: null, reason: null }
      : {
          lease: null,
          reason: { code: 'write.outcome_unknown', detail: 'A person settled what the cluster could not tell.' },
        },
    outbox: complete ? [{ kind: 'verify' }] : [{ kind: 'notify', notice: 'outcome' }],
    stepsWritten: written,
  });
  if (!change.ok) return change;
  const unlock = lockOf({ intent: intent.value.intent, plan }, plan.fence);
  const committed = await ports.plans.commit({ ...change.value, unlock });
  return committed.ok ? pass(change.value.after) : refuse({ code: 'request.conflict' });
}
