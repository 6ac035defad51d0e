/** The key of an anomaly: the same broken thing has the same key however often, by whomever and in whatever order it is seen. */
import { type AnomalyCategory, digestOf, type Target, targetKey } from '@countersign/approvals';

export const ANOMALY_KEY_PATTERN = /^ano_[0-9a-f]{32}$/;

/**
 * @param cause what is wrong, from a closed list or of a fixed form; never a count, a time or the name of a pod that a controller owns
 * @returns `ano_` and 32 hex digits. The uid is left out: a Deployment that was deleted and made again, broken alike, is the same anomaly come back.
 */
export function anomalyKey(of: {
  readonly cluster: string;
  readonly category: AnomalyCategory;
  readonly cause: string;
  readonly target: Target;
}): string {
  const digest = digestOf('countersign.dev/anomaly/v1', {
    cluster: of.cluster,
    category: of.category,
    cause: of.cause,
    target: targetKey(of.target),
  });
  return `ano_${digest.slice('sha256:'.length, 'sha256:'.length + 32)}`;
}
