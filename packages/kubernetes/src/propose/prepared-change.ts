/** A dry run, described: the evidence that a person decides on, and what the executor compares with later. Asks the cluster nothing. */
import {
  commit,
  type Intent,
  type LiveObject,
  type ObjectRules,
  type PreparedChange,
  type ProposalCluster,
  pass,
  type Refusal,
  type Result,
  refuse,
  type Target,
} from '@countersign/approvals';
import type { DryRunAnswer } from '../change/send-change.ts';
import { CHANGES_MAX, SALT_BYTES, SENTENCE_CHARACTERS_MAX, WARNINGS_MAX } from '../limits.ts';
import { ignoredPaths } from '../objects/comparable.ts';
import { autoscalerOwnsReplicas } from '../objects/field-owners.ts';
import { redactLine } from '../redaction/redact-lines.ts';
import { blastRadius } from './blast-radius.ts';
import type { CheckedRequest } from './checked-request.ts';
import { hiddenChanges, showStep } from './hidden-leaves.ts';
import { rawDiff } from './raw-diff.ts';
import { riskOf } from './risk.ts';
import { semanticDiff } from './semantic-diff.ts';
import { successCriteriaOf } from './success-criteria.ts';
import type { Surroundings } from './surroundings.ts';
import { undoOf } from './undo.ts';

export type PrepareInput = Parameters<ProposalCluster['prepare']>[0];

/** One quorum read and the dry run that was sent on its version. */
export interface TriedOut {
  readonly target: Target;
  readonly intent: Intent;
  readonly live: LiveObject;
  readonly dryRun: Extract<DryRunAnswer, { readonly ok: true }>;
}

interface Described extends TriedOut {
  readonly request: CheckedRequest;
  readonly around: Surroundings;
  readonly serverVersion: string;
  readonly guardHash: PreparedChange['guardHash'];
  readonly rules: ObjectRules;
  readonly input: PrepareInput;
}

/** Judges the dry run, hides what must be hidden, and describes the rest. Refuses what policy denies and what nobody could see. */
export function preparedChange({
  target,
  intent,
  live,
  dryRun,
  request,
  around,
  serverVersion,
  guardHash,
  rules,
  input,
}: Described): Result<PreparedChange, Refusal> {
  const { operation } = request;
  const { policy, random, now, planId, requester } = input;
  const step = { target, operation };
  const findings = rules.findings(policy, [{ step, live: live.object, dryRun: dryRun.object }], requester);
  const denied = findings.filter(({ severity }) => severity === 'deny');
  if (denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });
  const hidden = hiddenChanges(live.object, dryRun.object);
  if (hidden.length > 0) return refuse({ code: 'evidence.hidden_change', paths: hidden });

  const shown = showStep(1, live.object, dryRun.object, random);
  const changes = semanticDiff(shown.live, shown.dryRun, operation);
  if (changes.every(({ meaning }) => meaning === 'mark' || meaning === 'consequence'))
    return refuse({ code: 'target.unchanged' });
  const raw = rawDiff(shown.live, shown.dryRun);
  const listed = changes.slice(0, CHANGES_MAX);
  const risk = riskOf({
    operation,
    live: live.object,
    changes,
    rawCut: raw.cut || listed.length < changes.length,
    around,
  });
  const freshnessSalt = random.token(SALT_BYTES);
  // Where an autoscaler moves replicas and generation by itself, only a plan that sets the replicas pins the generation.
  const generation = autoscalerOwnsReplicas(live.object) && operation.type !== 'scale' ? null : live.generation;
  return pass({
    intent,
    evidence: {
      format: 'countersign.evidence/v1',
      live: [{ step: 1, object: shown.live }],
      dryRun: [{ step: 1, object: shown.dryRun }],
      dryRunFacts: {
        at: now.toISOString(),
        serverVersion,
        warnings: dryRun.warnings.slice(0, WARNINGS_MAX).map((text) => redactLine(text, SENTENCE_CHARACTERS_MAX)),
      },
      diff: [{ step: 1, changes: listed, raw: raw.text }],
      findings: [...findings],
      blastRadius: [...blastRadius(live.object, operation, around)],
      undo: undoOf(target, operation, live.object),
      successCriteria: successCriteriaOf(target, operation, live.object, around, policy),
    },
    raw: {
      format: 'countersign.raw-evidence/v1',
      planId,
      steps: [{ step: 1, live: live.object, dryRun: dryRun.object, freshnessSalt, leafSalts: shown.leafSalts }],
    },
    freshness: [
      {
        step: 1,
        uid: live.uid,
        generation,
        // Pinned only for kinds with neither generation nor status; a Deployment has both.
        resourceVersion: null,
        commitment: commit(freshnessSalt, rules.comparable(live.object)),
      },
    ],
    redactions: shown.redactions,
    guardHash,
    riskTier: risk.tier,
    riskReasons: risk.reasons,
    ignoredPaths: ignoredPaths(live.object),
  });
}
