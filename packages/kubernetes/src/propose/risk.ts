/** The risk tier, by rules that a reader can follow: each reason names the tier that it asks for; the highest wins. docs/policy.md lists them. */
import {
  type Change,
  FIELD_MANAGER,
  type Json,
  type Policy,
  type Requester,
  RISK_TIERS,
  type RiskTier,
  type Step,
} from '@countersign/approvals';
import { knownByPolicy } from '../deny-rules/expressions/expression-rules.ts';
import { raisesOf } from '../deny-rules/findings.ts';
import type { RuleFacts } from '../deny-rules/rule.ts';
import { CREATION_SECONDS, JUST_CHANGED_MINUTES } from '../limits.ts';
import { autoscalerOwnsReplicas, fieldOwners } from '../objects/field-owners.ts';
import { numberAt, textAt } from '../objects/json-at.ts';
import { managersOf } from '../objects/manager.ts';
import { type Effect, effectOf } from './effect.ts';
import { controllerKindOf, fieldReasons, KNOWN_KINDS, type Reason } from './risk-of-fields.ts';
import type { Surroundings } from './surroundings.ts';

export interface Risk {
  readonly tier: RiskTier;
  readonly reasons: readonly string[];
}

export interface RiskFacts {
  readonly step: Step;
  /** Null: the step makes the object. */
  readonly live: Json;
  /** Null: the step takes it away. */
  readonly dryRun: Json;
  readonly changes: readonly Change[];
  readonly rawCut: boolean;
  readonly around: Surroundings;
  readonly policy: Policy;
  readonly requester?: Requester | undefined;
  readonly now: Date;
}

export function riskOf(facts: RiskFacts): Risk {
  const effect = effectOf(facts.step, facts.live, facts.dryRun);
  const ruleFacts: RuleFacts = { ...facts, ...facts.step, after: facts.dryRun };
  const known = knownByPolicy(ruleFacts);
  const reasons: readonly Reason[] = [
    ...ofOperation(facts, effect),
    ...ofEffect(facts, effect),
    ...ofSurroundings(facts, effect),
    ...ofDiff(facts),
    ...raisesOf(ruleFacts).map(({ tier, reason }): Reason => ({ tier, text: reason })),
  ];
  return highest(reasons.filter(({ unknown }) => !(unknown && known)));
}

function highest(reasons: readonly Reason[]): Risk {
  const tier = highestTier(reasons.map((reason) => reason.tier));
  // Reasons below the tier do not explain it.
  return { tier, reasons: [...new Set(reasons.filter((reason) => reason.tier === tier).map(({ text }) => text))] };
}

const highestTier = (tiers: readonly RiskTier[]): RiskTier =>
  tiers.reduce((a, b) => (RISK_TIERS.indexOf(a) >= RISK_TIERS.indexOf(b) ? a : b), 'low');

/** Of a plan of several steps: the highest tier, and the reasons of the steps that ask for it. */
export function highestRisk(steps: readonly Risk[]): Risk {
  const tier = highestTier(steps.map((risk) => risk.tier));
  const reasons = steps.flatMap((risk, at) =>
    risk.tier === tier ? risk.reasons.map((reason) => (steps.length === 1 ? reason : `step ${at + 1}: ${reason}`)) : [],
  );
  return { tier, reasons };
}

const low = (text: string): Reason => ({ tier: 'low', text });
const medium = (text: string): Reason => ({ tier: 'medium', text });
const high = (text: string): Reason => ({ tier: 'high', text });

function ofOperation(facts: RiskFacts, { podsBefore }: Effect): readonly Reason[] {
  const { step, live } = facts;
  const { operation, target } = step;
  switch (operation.type) {
    case 'restart':
      return [low(`rolls ${podsBefore} pods with the template that they have`)];
    case 'set-image':
      return [medium(`runs another program in ${podsBefore} pods`)];
    // By what they change: see ofEffect and ofDiff.
    case 'scale':
    case 'label':
    case 'annotate':
      return [];
    case 'patch':
    case 'apply':
      return live === null ? [ofCreate(facts)] : [];
    case 'rollback':
      return [medium(`runs the template of revision ${operation.revision} in ${podsBefore} pods`)];
    case 'delete':
      return [ofDelete(facts, target.kind)];
  }
}

const OPENS_OR_CLOSES = ['Ingress', 'NetworkPolicy'];

function ofCreate({ step: { target }, around }: RiskFacts): Reason {
  if (!KNOWN_KINDS.includes(target.kind)) {
    return { tier: 'high', text: `no rule knows what a ${target.kind} does`, unknown: true };
  }
  if (OPENS_OR_CLOSES.includes(target.kind)) return high(`a new ${target.kind} changes which traffic arrives`);
  if (target.kind !== 'Service' && around.services.length > 0) {
    return high(`a Service that is there would send requests to the pods of a new ${target.kind}`);
  }
  return medium(`makes a new ${target.kind}`);
}

function ofDelete({ live, around }: RiskFacts, kind: string): Reason {
  const controller = controllerKindOf(live);
  if (kind === 'Pod' && controller !== undefined) {
    const others = around.pods.filter(({ name, ready }) => ready && name !== textAt(live, 'metadata', 'name')).length;
    return others > 0
      ? low(`deletes one pod; ${controller} starts another, and ${others} of its siblings are ready`)
      : medium(`deletes one pod; ${controller} starts another, and no sibling is ready meanwhile`);
  }
  if (kind === 'ReplicaSet' && controller !== undefined && numberAt(live, 'spec', 'replicas') === 0) {
    return medium('takes an old revision away, to which nobody can roll back then');
  }
  if (kind === 'Job' && textAt(live, 'status', 'completionTime') !== undefined) {
    return medium('takes a finished job and its pods away');
  }
  return high(`takes the ${kind} away${controller === undefined ? '' : `, which ${controller} makes again`}`);
}

function ofEffect({ step, live, dryRun }: RiskFacts, effect: Effect): readonly Reason[] {
  if (live === null || dryRun === null || step.target.kind === 'Pod') return [];
  const { podsBefore, podsAfter, rolls, takenAtOnce } = effect;
  const found: Reason[] = [];
  if (podsAfter === 0 && podsBefore > 0) found.push(high('stops the workload'));
  else if (podsAfter < podsBefore) found.push(medium(`takes ${podsBefore - podsAfter} of ${podsBefore} pods away`));
  else if (podsAfter > podsBefore) found.push(low(`adds ${podsAfter - podsBefore} pods within the bounds`));
  if (rolls && podsAfter > 0 && takenAtOnce >= podsAfter) found.push(medium('all pods stop before new ones start'));
  return found;
}

function ofSurroundings({ live, dryRun, around, now }: RiskFacts, effect: Effect): readonly Reason[] {
  const found: Reason[] = around.unseen.map((what) => high(`could not look: ${what}`));
  found.push(...around.leaves.map((name) => high(`Service ${name} loses the pods`)));
  found.push(...around.joins.map((name) => high(`Service ${name} would send requests to the pods`)));
  if (live === null) return found;
  const setsReplicas = dryRun !== null && numberAt(live, 'spec', 'replicas') !== numberAt(dryRun, 'spec', 'replicas');
  if (setsReplicas && (around.autoscalers.length > 0 || autoscalerOwnsReplicas(live))) {
    found.push(high('an autoscaler owns the replicas'));
  }
  for (const { name, disruptionsAllowed } of around.disruptionBudgets) {
    const { takenAtOnce } = effect;
    if (takenAtOnce === 0 || takenAtOnce <= (disruptionsAllowed ?? 0)) continue;
    const allowed = disruptionsAllowed ?? 'an unknown number';
    found.push(medium(`takes ${takenAtOnce} pods at once where PodDisruptionBudget ${name} allows ${allowed}`));
  }
  for (const { tool } of managersOf(live)) found.push(medium(`${tool} manages the object and may undo this`));
  const other = justChangedBy(live, now);
  if (other !== undefined) found.push(medium(`${other} changed it less than ${JUST_CHANGED_MINUTES} minutes ago`));
  return found;
}

/** Writers of the cluster itself, and Countersign, whose last change is in the blast radius. */
const EXPECTED_WRITERS = ['kube-controller-manager', 'kubelet', 'kube-scheduler', FIELD_MANAGER];

/** A manager other than ours that wrote after the object was made, and just now: two may be at the same work. */
function justChangedBy(live: Json, now: Date): string | undefined {
  const made = Date.parse(textAt(live, 'metadata', 'creationTimestamp') ?? '') || 0;
  const since = Math.max(now.getTime() - JUST_CHANGED_MINUTES * 60_000, made + CREATION_SECONDS * 1000);
  return fieldOwners(live).find(
    ({ manager, subresource, time }) =>
      subresource === null && !EXPECTED_WRITERS.includes(manager) && Date.parse(time) >= since,
  )?.manager;
}

function ofDiff({ step, live, dryRun, changes, rawCut, around }: RiskFacts): readonly Reason[] {
  const found: Reason[] = [];
  const unclassified = changes.filter(({ meaning }) => meaning === 'unclassified').length;
  if (unclassified > 0) {
    const text = `${unclassified} changed fields were not asked for and follow no known rule`;
    found.push({ tier: 'medium', text, unknown: true });
  }
  if (rawCut) found.push(medium('the diff is too long to be shown whole'));
  // What these change is one field that their own reason speaks of; anything else in their diff is unclassified.
  if (['restart', 'scale', 'set-image'].includes(step.operation.type)) return found;
  if (live === null || dryRun === null) return found;
  return [...found, ...fieldReasons(changes, { target: step.target, live, dryRun, around })];
}
