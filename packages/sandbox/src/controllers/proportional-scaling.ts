/** One active ReplicaSet in the middle of a rollout; numbers of pods. */
export interface ScaledSet {
  name: string;
  replicas: number;
  /** The rollout's largest size when this ReplicaSet was last scaled. */
  maxReplicasThen: number;
}

/**
 * Sizes after the Deployment was scaled in the middle of a rollout: every active ReplicaSet keeps its share of the whole,
 * so that scaling neither finishes nor reverts a rollout. What rounding leaves goes to the largest; of equals, to the newer when growing and to the older when shrinking.
 */
export function proportionalSizes(options: {
  desired: number;
  maxSurge: number;
  /** Oldest first. */
  sets: readonly ScaledSet[];
}): ReadonlyMap<string, number> {
  const { desired, maxSurge, sets } = options;
  const allowed = desired > 0 ? desired + maxSurge : 0;
  const missing = allowed - sets.reduce((total, set) => total + set.replicas, 0);
  const inTurn = (missing > 0 ? sets.toReversed() : [...sets]).toSorted((a, b) => b.replicas - a.replicas);

  const sizes = new Map<string, number>();
  let left = missing;
  for (const set of inTurn) {
    const share = Math.round((set.replicas * allowed) / Math.max(1, set.maxReplicasThen)) - set.replicas;
    const given = missing > 0 ? clamp(share, 0, left) : clamp(share, left, 0);
    sizes.set(set.name, set.replicas + given);
    left -= given;
  }
  for (const set of inTurn) {
    const size = sizes.get(set.name) ?? set.replicas;
    const taken = Math.max(left, -size);
    sizes.set(set.name, size + taken);
    left -= taken;
  }
  return sizes;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
