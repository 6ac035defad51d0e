/** The risk tier, by rules that a reader can follow: each reason names the tier that it asks for; the highest wins. */
import { type Change, type Json, type Operation, RISK_TIERS, type RiskTier } from '@countersign/approvals';
import { autoscalerOwnsReplicas } from '../objects/field-owners.ts';
import { textAt } from '../objects/json-at.ts';
import { replicasOf } from './already-so.ts';
import type { Surroundings } from './surroundings.ts';

export interface Risk {
  readonly tier: RiskTier;
  readonly reasons: readonly string[];
}

export interface RiskFacts {
  readonly operation: Operation;
  readonly live: Json;
  readonly changes: readonly Change[];
  readonly rawCut: boolean;
  readonly around: Surroundings;
}

export function riskOf(facts: RiskFacts): Risk {
  const all = [ofOperation(facts), ...ofTarget(facts), ...ofDiff(facts)];
  const tier = all.map(([asked]) => asked).reduce((a, b) => (RISK_TIERS.indexOf(a) >= RISK_TIERS.indexOf(b) ? a : b));
  // Reasons below the tier do not explain it.
  return { tier, reasons: all.filter(([asked]) => asked === tier).map(([, reason]) => reason) };
}

/** Of a plan of several steps: the highest tier, and the reasons of the steps that ask for it. */
export function highestRisk(steps: readonly Risk[]): Risk {
  const tier = steps
    .map((risk) => risk.tier)
    .reduce((a, b) => (RISK_TIERS.indexOf(a) >= RISK_TIERS.indexOf(b) ? a : b));
  const reasons = steps.flatMap((risk, at) =>
    risk.tier === tier ? risk.reasons.map((reason) => (steps.length === 1 ? reason : `step ${at + 1}: ${reason}`)) : [],
  );
  return { tier, reasons };
}

type Reason = readonly [tier: RiskTier, reason: string];

function ofOperation({ operation, live }: RiskFacts): Reason {
  const now = replicasOf(live);
  switch (operation.type) {
    case 'restart':
      return ['low', `rolls ${now} pods with the template that they have`];
    case 'set-image':
      return ['medium', `runs another program in ${now} pods`];
    case 'scale':
      if (operation.replicas === 0) return ['high', 'stops the workload'];
      return operation.replicas < now
        ? ['medium', `takes ${now - operation.replicas} of ${now} pods away`]
        : ['low', `adds ${operation.replicas - now} pods within the bounds`];
    case 'label':
    case 'annotate':
      return ['medium', 'other objects may select it by what changes'];
    case 'patch':
      return ['high', 'sets fields that no rule of ours knows'];
    case 'apply':
      return live === null ? ['high', 'makes a new object'] : ['high', 'sets fields that no rule of ours knows'];
    case 'rollback':
      return ['high', `runs an earlier template in ${now} pods`];
    case 'delete':
      return ['high', 'takes the object away'];
  }
}

const rollsPods = ({ type }: Operation): boolean => !['scale', 'label', 'annotate', 'delete'].includes(type);

function ofTarget({ operation, live, around }: RiskFacts): readonly Reason[] {
  const reasons: Reason[] = [];
  if (operation.type === 'scale' && (around.autoscalers.length > 0 || autoscalerOwnsReplicas(live))) {
    reasons.push(['high', 'an autoscaler owns the replicas']);
  }
  if (rollsPods(operation) && textAt(live, 'spec', 'strategy', 'type') === 'Recreate') {
    reasons.push(['medium', 'all pods stop before new ones start']);
  }
  return reasons;
}

function ofDiff({ changes, rawCut }: RiskFacts): readonly Reason[] {
  const unclassified = changes.filter(({ meaning }) => meaning === 'unclassified').length;
  const reasons: Reason[] = [];
  if (unclassified > 0)
    reasons.push(['medium', `${unclassified} changed fields were not asked for and follow no known rule`]);
  if (rawCut) reasons.push(['medium', 'the diff is too long to be shown whole']);
  return reasons;
}
