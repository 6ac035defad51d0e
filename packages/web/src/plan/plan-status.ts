/** A status in people's words. Each begins with the status itself, so that a reader, a screen reader and a test find the same word. */
import type { PlanStatus, Review } from '@countersign/approvals';

export type Tone = 'wait' | 'go' | 'stop' | 'plain';
export interface StatusWords {
  readonly label: string;
  readonly tone: Tone;
  /** One sentence: what that means for the cluster, and what comes next. */
  readonly meaning: string;
}

export function statusWords(status: PlanStatus, releaseMode: Review['releaseMode'] | null): StatusWords {
  switch (status) {
    case 'pending':
      return { label: 'Pending', tone: 'wait', meaning: 'Waiting for a decision. Nothing has been changed.' };
    case 'approved':
      return releaseMode === 'on-request'
        ? {
            label: 'Approved',
            tone: 'go',
            meaning: 'It runs when the one who asked for it releases it. Nothing has been changed yet.',
          }
        : { label: 'Approved', tone: 'go', meaning: 'About to run. Nothing has been changed yet.' };
    case 'denied':
      return { label: 'Denied', tone: 'stop', meaning: 'Nothing was changed.' };
    case 'canceled':
      return { label: 'Canceled', tone: 'plain', meaning: 'Withdrawn before it ran. Nothing was changed.' };
    case 'expired':
      return { label: 'Expired', tone: 'plain', meaning: 'Its window ended before it ran. Nothing was changed.' };
    case 'superseded':
      return { label: 'Superseded', tone: 'plain', meaning: 'A newer plan took its place. Nothing was changed.' };
    case 'stale':
      return {
        label: 'Stale',
        tone: 'plain',
        meaning: 'The object changed after the plan was made, so it will not run. Nothing was changed by it.',
      };
    case 'blocked':
      return {
        label: 'Blocked',
        tone: 'stop',
        meaning: 'Policy or the cluster’s guard forbids it today. Nothing was changed.',
      };
    case 'revoked':
      return { label: 'Revoked', tone: 'stop', meaning: 'The approval was taken back before anything was written.' };
    case 'executing':
      return { label: 'Executing', tone: 'wait', meaning: 'Being applied to the cluster right now.' };
    case 'applied':
      return { label: 'Applied', tone: 'go', meaning: 'Written to the cluster. Now watching whether it worked.' };
    case 'failed':
      return { label: 'Failed', tone: 'stop', meaning: 'It could not be applied. Nothing was written.' };
    case 'partially_applied':
      return {
        label: 'Partially applied',
        tone: 'stop',
        meaning: 'Some steps were written, the others were not. Look at the steps below.',
      };
    case 'unknown':
      return {
        label: 'Unknown',
        tone: 'stop',
        meaning:
          'A write may have happened and could not be confirmed. It is reconciled by reading the cluster; if that cannot tell, an operator says.',
      };
    case 'verified':
      return { label: 'Verified', tone: 'go', meaning: 'Applied, and the cluster shows what was promised.' };
    case 'unverified':
      return {
        label: 'Unverified',
        tone: 'stop',
        meaning: 'Applied, but the cluster does not show what was promised.',
      };
  }
}

/** States that change by themselves within seconds: their page keeps looking. */
export const IN_MOTION: readonly PlanStatus[] = ['approved', 'executing', 'applied'];
