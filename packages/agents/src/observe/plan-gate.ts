/** May a plan be made for this anomaly now? Cooldown and breaker: a fix that fails is not put before people for ever, and a recurrence after healing is a new chance. */
import type { ObserverLimits } from '../limits.ts';
import type { FollowUp } from './follow-up.ts';

export type PlanGate =
  | { readonly open: true }
  | { readonly open: false; readonly until: string; readonly note: string };

type GateLimits = Pick<ObserverLimits, 'cooldownSeconds' | 'plansPerWindowMax' | 'planWindowSeconds'>;

/** @param since when the anomaly appeared this time; plans from before it was last resolved count for the breaker alone */
export function planGate(followUp: FollowUp, since: string, now: Date, limits: GateLimits): PlanGate {
  const windowMs = limits.planWindowSeconds * 1000;
  const recent = followUp.plans.filter((plan) => now.getTime() - Date.parse(plan.at) < windowMs);
  const first = recent.at(-limits.plansPerWindowMax);
  if (recent.length >= limits.plansPerWindowMax && first !== undefined) {
    const until = new Date(Date.parse(first.at) + windowMs).toISOString();
    const hours = limits.planWindowSeconds / 3600;
    const note = `${recent.length} plans within ${hours} hours did not heal this for good. None is made before ${until}; a person should look at it.`;
    return { open: false, until, note };
  }
  const tried = recent.filter((plan) => Date.parse(plan.at) >= Date.parse(since));
  const last = tried.at(-1);
  if (last === undefined) return { open: true };
  const waitMs = limits.cooldownSeconds * 1000 * 2 ** (tried.length - 1);
  const until = new Date(Date.parse(last.endedAt ?? last.at) + waitMs);
  if (now >= until) return { open: true };
  const note = `Plan ${last.planId} is over and this is still broken. The next plan is made after ${until.toISOString()} at the earliest (${tried.length} of ${limits.plansPerWindowMax} made).`;
  return { open: false, until: until.toISOString(), note };
}
