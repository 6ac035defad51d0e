/** A person's no holds: the very change that was denied is not put before people again for a day. */
import { type ChangeRequest, type Operation, type Plan, type PlanStore, readIntent } from '@countersign/approvals';
import { DENIED_AGAIN_SECONDS } from '../limits.ts';
import type { FollowUp } from '../observe/follow-up.ts';
import { type NoRemedy, none } from './remedy.ts';

export async function deniedBefore(
  change: ChangeRequest,
  followUp: FollowUp,
  plans: Pick<PlanStore, 'readPlan'>,
  now: Date,
): Promise<NoRemedy | undefined> {
  const recent = followUp.plans.filter(({ at }) => now.getTime() - Date.parse(at) < DENIED_AGAIN_SECONDS * 1000);
  for (const { planId, at } of recent.toReversed()) {
    const plan = await plans.readPlan(planId);
    if (plan === null || plan.status !== 'denied' || !isSameChange(plan, change)) continue;
    const seconds = DENIED_AGAIN_SECONDS - (now.getTime() - Date.parse(at)) / 1000;
    return none(
      `The same change was denied with plan ${planId}. It is not proposed again for ${DENIED_AGAIN_SECONDS / 3600} hours; a person should look at it.`,
      seconds,
    );
  }
  return undefined;
}

function isSameChange(plan: Plan, change: ChangeRequest): boolean {
  const read = readIntent(plan.intent);
  if (!read.ok) return false;
  const [step, ...others] = read.value.intent.steps;
  if (step === undefined || others.length > 0) return false;
  const { kind, namespace, name } = step.target;
  return (
    kind === change.kind &&
    namespace === change.namespace &&
    name === change.name &&
    isSameOperation(step.operation, change.operation)
  );
}

function isSameOperation(a: Operation, b: ChangeRequest['operation']): boolean {
  if (a.type === 'set-image' && b.type === 'set-image') return a.container === b.container && a.image === b.image;
  if (a.type === 'scale' && b.type === 'scale') return a.replicas === b.replicas;
  return a.type === 'restart' && b.type === 'restart';
}
