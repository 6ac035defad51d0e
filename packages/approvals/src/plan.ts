/** The plan: the envelope around one intent. The two byte strings are what was digested; everything else is found beside them. */
import type { ChainHead } from './chain.ts';
import type { Digest } from './digest.ts';
import type { PlanStatus } from './plan-status.ts';
import type { RefusalCode } from './refusal.ts';

export interface Plan {
  readonly format: 'countersign.plan/v1';
  readonly planId: string;
  readonly status: PlanStatus;
  /** +1 with every change; every write is conditional on it. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Canonical JSON of the intent. */
  readonly intent: string;
  readonly intentDigest: Digest;
  /** Canonical JSON of the review document. */
  readonly review: string;
  readonly reviewDigest: Digest;
  /** Copy of the review's notAfter for conditions and the sweeper; gates read the review. */
  readonly notAfter: string;
  /** Copies for lists and visibility; decisions read the review. */
  readonly requesterId: string;
  readonly ownerId: string | null;
  readonly anomaly: string | null;
  readonly chain: ChainHead;
  /** Version at which the grant was made; null before. */
  readonly grantedVersion: number | null;
  /** 0 before the first claim, then +1 with every claim or takeover. */
  readonly fence: number;
  /** Set while executing: until when a request of this holder could still land. */
  readonly lease: { readonly holder: string; readonly until: string } | null;
  /** A revocation that came while executing; the next fence gate obeys it. */
  readonly revocation: { readonly by: string; readonly at: string } | null;
  /** Why the plan ended as it did, for terminal states other than success. */
  readonly reason: { readonly code: RefusalCode; readonly detail: string } | null;
}

/** One step's record: written before and after the write. */
export interface StepRecord {
  readonly format: 'countersign.step/v1';
  readonly planId: string;
  /** From 1. */
  readonly step: number;
  readonly fence: number;
  readonly state: 'started' | 'written' | 'not-written' | 'unknown';
  readonly startedAt: string;
  readonly settledAt: string | null;
  /** The object as the write's answer gave it, minus the ignored paths. */
  readonly resultDigest: Digest | null;
  readonly resultResourceVersion: string | null;
  /** False when the write's answer was not what the dry run promised: applied, then unverified, loudly. */
  readonly asApproved: boolean | null;
}

/** What the observer or a page's request last found about an open plan's targets. */
export interface FreshnessRecord {
  readonly format: 'countersign.freshness/v1';
  readonly planId: string;
  readonly checkedAt: string;
  readonly fresh: boolean;
  /** In shown form: JSON pointers and short texts. */
  readonly changed: readonly string[];
}

/** Only `seal` has authority: see grant.ts. */
export interface GrantRecord {
  readonly format: 'countersign.grant-record/v1';
  readonly planId: string;
  readonly seal: string;
}

/** Only `seal` has authority: see release.ts. */
export interface ReleaseRecord {
  readonly format: 'countersign.release-record/v1';
  readonly planId: string;
  readonly seal: string;
}
