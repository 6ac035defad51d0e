/**
 * The Pod Security profile that the policy names. It denies what a plan adds or worsens and only tells what was there before: most clusters
 * run workloads that do not fit the restricted profile, and a restart or a smaller number of replicas makes none of them less safe.
 */
import type { Json, Policy } from '@countersign/approvals';
import { podsOf } from '../pod-containers.ts';
import { brought, type Rule } from '../rule.ts';
import { BASELINE } from './baseline.ts';
import { RESTRICTED } from './restricted.ts';

export const podSecurity: Rule = {
  code: 'pod-security',
  passes: 'the pods fit the Pod Security profile, or the plan takes them no further away from it',
  enforced: 'by-key',
  otherwise: 'high',
  isSet: ({ podSecurity: profile }) => profile !== undefined,
  judge: ({ policy, live, after }) => {
    const [before, now] = [violations(live, policy), violations(after, policy)];
    const kept = now.filter((violation) => before.includes(violation));
    return {
      denials: brought(before, now),
      warnings:
        kept.length === 0
          ? []
          : [
              `${kept.length} settings outside the ${policy.podSecurity} profile were there before and stay: ${kept.join('; ')}`,
            ],
    };
  },
};

function violations(object: Json, { podSecurity: profile }: Policy): readonly string[] {
  const checks = profile === 'restricted' ? [...BASELINE, ...RESTRICTED] : BASELINE;
  return [...new Set(podsOf(object).flatMap((pod) => checks.flatMap((check) => check(pod))))];
}
