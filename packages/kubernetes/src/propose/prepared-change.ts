/** Dry runs, described: the evidence that a person decides on, and what the executor compares with later. Asks the cluster nothing. */
import {
  type Intent,
  type ObjectRules,
  type PreparedChange,
  type ProposalCluster,
  pass,
  type Refusal,
  type Result,
  refuse,
} from '@countersign/approvals';
import { SENTENCE_CHARACTERS_MAX, WARNINGS_MAX } from '../limits.ts';
import { ignoredPathsOf } from '../objects/comparable.ts';
import { redactLine } from '../redaction/redact-lines.ts';
import { type DescribedStep, describeStep, type SurroundedStep } from './described-step.ts';
import { highestRisk } from './risk.ts';
import { undoOfPlan } from './undo.ts';

export type PrepareInput = Parameters<ProposalCluster['prepare']>[0];

interface Described {
  readonly intent: Intent;
  readonly steps: readonly SurroundedStep[];
  readonly serverVersion: string;
  readonly guardHash: PreparedChange['guardHash'];
  readonly rules: ObjectRules;
  readonly input: PrepareInput;
}

/** Judges the dry runs, hides what must be hidden, and describes the rest. Refuses what policy denies and what nobody could see. */
export function preparedChange(all: Described): Result<PreparedChange, Refusal> {
  const { intent, steps, serverVersion, guardHash, rules, input } = all;
  const { policy, now, planId, requester } = input;
  const findings = rules.findings(
    policy,
    steps.map(({ step, live, dryRun }) => ({ step, live: live?.object ?? null, dryRun: dryRun.object })),
    requester,
  );
  const denied = findings.filter(({ severity }) => severity === 'deny');
  if (denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });

  const described: DescribedStep[] = [];
  for (const [at, step] of steps.entries()) {
    const one = describeStep(at + 1, step, { ...input, rules });
    if (!one.ok) return one;
    described.push(one.value);
  }
  const risk = highestRisk(described.map((one) => one.risk));
  const warnings = steps.flatMap(({ dryRun }) => dryRun.warnings).slice(0, WARNINGS_MAX);
  return pass({
    intent,
    evidence: {
      format: 'countersign.evidence/v1',
      live: described.map(({ number, shown }) => ({ step: number, object: shown.live })),
      dryRun: described.map(({ number, shown }) => ({ step: number, object: shown.dryRun })),
      dryRunFacts: {
        at: now.toISOString(),
        serverVersion,
        warnings: warnings.map((text) => redactLine(text, SENTENCE_CHARACTERS_MAX)),
      },
      diff: described.map(({ diff }) => diff),
      findings: [...findings],
      blastRadius: described.flatMap(({ number, touches }) =>
        touches.map((touch) =>
          described.length === 1 ? touch : { ...touch, message: `Step ${number}: ${touch.message}` },
        ),
      ),
      undo: undoOfPlan(described.map(({ undo }) => undo)),
      successCriteria: { withinSeconds: policy.verifySeconds, all: described.flatMap(({ criteria }) => [...criteria]) },
    },
    raw: { format: 'countersign.raw-evidence/v1', planId, steps: described.map(({ raw }) => raw) },
    freshness: described.map(({ freshness }) => freshness),
    redactions: described.flatMap(({ shown }) => shown.redactions),
    guardHash,
    riskTier: risk.tier,
    riskReasons: risk.reasons,
    ignoredPaths: ignoredPathsOf(
      steps.map(({ step, live, dryRun }) => ({ step, object: live?.object ?? dryRun.object })),
    ),
  });
}
