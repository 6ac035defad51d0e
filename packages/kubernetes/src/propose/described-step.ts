/** One step's dry run, described. */
import {
  commit,
  comparedAs,
  type Freshness,
  type ObjectDiff,
  type ObjectRules,
  type Policy,
  pass,
  type Randomness,
  type RawEvidence,
  type Refusal,
  type Requester,
  type Result,
  refuse,
  type SuccessCriterion,
  type Touch,
  type Undo,
} from '@countersign/approvals';
import { CHANGES_MAX, SALT_BYTES } from '../limits.ts';
import { autoscalerOwnsReplicas } from '../objects/field-owners.ts';
import { replicasOf } from './already-so.ts';
import { blastRadius } from './blast-radius.ts';
import { hiddenChanges, type ShownStep, showStep } from './hidden-leaves.ts';
import { rawDiff } from './raw-diff.ts';
import { type Risk, riskOf } from './risk.ts';
import { semanticDiff } from './semantic-diff.ts';
import { successCriteriaOf } from './success-criteria.ts';
import type { Surroundings } from './surroundings.ts';
import type { TriedStep } from './try-out.ts';
import { undoOf } from './undo.ts';

export interface SurroundedStep extends TriedStep {
  readonly around: Surroundings;
}

export interface DescribedStep {
  /** From 1. */
  readonly number: number;
  readonly shown: ShownStep;
  readonly diff: ObjectDiff;
  readonly touches: readonly Touch[];
  readonly undo: Undo;
  readonly criteria: readonly SuccessCriterion[];
  readonly risk: Risk;
  readonly freshness: Freshness;
  readonly raw: RawEvidence['steps'][number];
}

interface Context {
  readonly rules: ObjectRules;
  readonly policy: Policy;
  readonly requester?: Requester | undefined;
  readonly random: Randomness;
  readonly now: Date;
}

/** Refuses a hidden value that would change, and a step that changes nothing. */
export function describeStep(
  number: number,
  { step, request, leaves, live, dryRun, around, presentRevision }: SurroundedStep,
  { rules, policy, requester, random, now }: Context,
): Result<DescribedStep, Refusal> {
  const { operation } = step;
  const [before, after] = [live?.object ?? null, dryRun.object];
  const as = comparedAs(step);
  // A delete takes all of it, and says so.
  const hidden = as === 'delete' ? [] : hiddenChanges(before, after);
  if (hidden.length > 0) return refuse({ code: 'evidence.hidden_change', paths: hidden });

  const shown = showStep(number, before, after, random);
  const changes = semanticDiff(shown.live, shown.dryRun, step);
  if (changes.every(({ meaning }) => meaning === 'mark' || meaning === 'consequence'))
    return refuse({ code: 'target.unchanged' });
  const raw = rawDiff(shown.live, shown.dryRun);
  const listed = changes.slice(0, CHANGES_MAX);
  const freshnessSalt = random.token(SALT_BYTES);
  // Where an autoscaler moves replicas and generation by itself, only a plan that sets the replicas pins the generation.
  const setsReplicas = operation.type === 'scale' || replicasOf(before) !== replicasOf(after);
  const generation = live === null || (autoscalerOwnsReplicas(live.object) && !setsReplicas) ? null : live.generation;
  const hides = Object.keys(leaves).length > 0;
  const sides = { step, live: before, dryRun: after, around, now };
  return pass({
    number,
    shown,
    diff: { step: number, changes: [...listed], raw: raw.text },
    touches: blastRadius(sides),
    undo: undoOf(step, { ...shown, presentRevision }),
    criteria: successCriteriaOf({ number, step, live: before, dryRun: after, around }),
    risk: riskOf({ ...sides, changes, rawCut: raw.cut || listed.length < changes.length, policy, requester }),
    freshness: {
      step: number,
      uid: live?.uid ?? null,
      generation,
      resourceVersion: live !== null && request.kind.pinned ? live.resourceVersion : null,
      commitment: commit(freshnessSalt, rules.comparable(before)),
    },
    raw: {
      step: number,
      live: before,
      dryRun: after,
      freshnessSalt,
      leafSalts: shown.leafSalts,
      ...(shown.dryRunLeafSalts === undefined ? {} : { dryRunLeafSalts: shown.dryRunLeafSalts }),
      ...(hides ? { operationLeaves: leaves } : {}),
    },
  });
}
