/** What a request_* tool answers: the stored plan itself, read back and checked, so that the agent can explain what a person will decide on. */
import {
  digestWords,
  type OpenedPlan,
  openPlan,
  pass,
  type Refusal,
  type Result,
  refuse,
} from '@countersign/approvals';
import * as z from 'zod';
import type { McpConfig } from '../config.ts';
import type { ToolAnswer, ToolCall } from '../tools/tool.ts';
import { describeIntent, nextStep, reviewUrl, stepShape } from './describe.ts';
import { judged } from './visible-plan.ts';

/** Properties of the answer that quote objects of the cluster. */
export const PROPOSED_PLAN_UNTRUSTED = ['diff', 'findings', 'blastRadius', 'undo', 'riskReasons', 'serverWarnings'];

export const proposedPlanShape = z.strictObject({
  status: z.literal('approval_required'),
  planId: z.string(),
  reviewUrl: z.string().describe('For the user to open; holds no secret.'),
  next: z.string(),
  steps: z.array(stepShape),
  intentDigest: z.string(),
  reviewDigest: z.string(),
  digestWords: z.string().nullable().describe('Four words of the review digest, the same on the page.'),
  diff: z.array(
    z.strictObject({
      step: z.number(),
      field: z.string(),
      change: z.string(),
      from: z.string().nullable(),
      to: z.string().nullable(),
      meaning: z.string(),
    }),
  ),
  findings: z.array(z.strictObject({ severity: z.string(), code: z.string(), step: z.number(), message: z.string() })),
  riskTier: z.string(),
  riskReasons: z.array(z.string()),
  blastRadius: z.array(z.strictObject({ severity: z.string(), code: z.string(), message: z.string() })),
  undo: z.strictObject({ possible: z.boolean(), message: z.string() }),
  serverWarnings: z.array(z.string()),
  successCriteria: z.strictObject({ withinSeconds: z.number(), all: z.array(z.string()) }),
  redactedFields: z.number().describe('Fields that nobody is shown, each bound by a commitment.'),
  window: z.strictObject({ notBefore: z.string(), notAfter: z.string() }),
});
export type ProposedPlan = z.infer<typeof proposedPlanShape>;

export async function proposedPlan(
  planId: string,
  { ports, config, principal }: ToolCall,
): Promise<Result<ToolAnswer<ProposedPlan>, Refusal>> {
  const records = await ports.plans.read(planId);
  if (records === null) return refuse({ code: 'plan.not_found' });
  const visible = judged(records.plan, { ports, principal });
  if (!visible.ok) return visible;
  // Digests recomputed from stored bytes: an answer never shows what a person would not be shown.
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  const structured = shown(opened.value, config);
  return pass({
    structured,
    text: `Plan ${planId} is stored, nothing has changed yet: ${structured.steps.map((step) => step.summary).join('; ')}. Risk ${structured.riskTier}. ${structured.next}`,
    planId,
  });
}

function shown({ plan, intent, review, evidence }: OpenedPlan, config: McpConfig): ProposedPlan {
  const address = reviewUrl(config, plan.planId);
  return {
    status: 'approval_required',
    planId: plan.planId,
    reviewUrl: address,
    next: nextStep(plan, review, address),
    steps: describeIntent(intent),
    intentDigest: plan.intentDigest,
    reviewDigest: plan.reviewDigest,
    digestWords: config.digestWords === undefined ? null : digestWords(plan.reviewDigest, config.digestWords),
    diff: evidence.diff.flatMap(({ step, changes }) =>
      changes.map(({ label, kind, from, to, meaning }) => ({ step, field: label, change: kind, from, to, meaning })),
    ),
    findings: evidence.findings
      .filter((finding) => finding.severity !== 'pass')
      .map(({ severity, code, step, message }) => ({ severity, code, step, message })),
    riskTier: review.riskTier,
    riskReasons: [...review.riskReasons],
    blastRadius: evidence.blastRadius.map(({ severity, code, message }) => ({ severity, code, message })),
    undo: { possible: evidence.undo.steps !== null, message: evidence.undo.message },
    serverWarnings: [...evidence.dryRunFacts.warnings],
    successCriteria: {
      withinSeconds: evidence.successCriteria.withinSeconds,
      all: evidence.successCriteria.all.map(criterionText),
    },
    redactedFields: review.redactions.length,
    window: { notBefore: review.window.notBefore, notAfter: review.window.notAfter },
  };
}

function criterionText(criterion: OpenedPlan['evidence']['successCriteria']['all'][number]): string {
  switch (criterion.type) {
    case 'rollout':
      return `rollout of step ${criterion.step} complete with ${criterion.replicas} replicas`;
    case 'endpoints':
      return `Service ${criterion.namespace}/${criterion.service} has at least ${criterion.readyMin} ready endpoints`;
    case 'present':
      return `the object of step ${criterion.step} is there`;
    case 'absent':
      return `the object of step ${criterion.step} is gone`;
  }
}
