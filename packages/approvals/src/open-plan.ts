/**
 * Opens a stored plan: parses the bytes, recomputes both digests and every evidence digest from them, and compares with what is stored
 * beside them and with each other. Only an OpenedPlan is shown, voted on or run; a raw record never is.
 */

import type { Digest } from './digest.ts';
import { digestsOfEvidence, EVIDENCE_PARTS, readEvidence, type ShownEvidence } from './evidence.ts';
import { type Intent, readIntent } from './intent.ts';
import type { Plan } from './plan.ts';
import type { PlanRecords } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type Review, readReview } from './review.ts';

export interface OpenedPlan {
  readonly plan: Plan;
  readonly intent: Intent;
  readonly intentDigest: Digest;
  readonly review: Review;
  readonly reviewDigest: Digest;
  readonly evidence: ShownEvidence;
}

export function openPlan(records: Pick<PlanRecords, 'plan' | 'evidence'>): Result<OpenedPlan, Refusal> {
  const { plan } = records;
  const intent = readIntent(plan.intent);
  const review = readReview(plan.review);
  const evidence = readEvidence(records.evidence);
  if (!intent.ok || review === undefined || evidence === undefined) return refuse({ code: 'plan.unreadable' });
  // A record filed under another plan's key must not stand in for it.
  if (review.review.planId !== plan.planId) return refuse({ code: 'digest.review_changed' });
  if (intent.value.digest !== plan.intentDigest || intent.value.digest !== review.review.intentDigest) {
    return refuse({ code: 'digest.intent_changed' });
  }
  if (review.digest !== plan.reviewDigest) return refuse({ code: 'digest.review_changed' });
  // The copies serve conditions and lists; one that disagrees would make a condition lie.
  const { requester, window, anomaly } = review.review;
  if (
    plan.notAfter !== window.notAfter ||
    plan.requesterId !== requester.id ||
    plan.ownerId !== requester.owner ||
    plan.anomaly !== anomaly
  ) {
    return refuse({ code: 'digest.review_changed' });
  }
  const digests = digestsOfEvidence(evidence);
  if (EVIDENCE_PARTS.some((part) => digests[part] !== review.review.evidence[part])) {
    return refuse({ code: 'digest.evidence_changed' });
  }
  return pass({
    plan,
    intent: intent.value.intent,
    intentDigest: intent.value.digest,
    review: review.review,
    reviewDigest: review.digest,
    evidence,
  });
}
