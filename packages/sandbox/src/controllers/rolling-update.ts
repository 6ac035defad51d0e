/** One ReplicaSet as the rollout's arithmetic sees it; numbers of pods. */
export interface SetSize {
  name: string;
  /** Asked for. */
  replicas: number;
  /** Available now. */
  available: number;
}

export interface RollingUpdate {
  desired: number;
  maxSurge: number;
  maxUnavailable: number;
  current: SetSize;
  /** Oldest first. */
  old: readonly SetSize[];
}

/**
 * One step of a rolling update: the ReplicaSets whose size changes, and to what. The new one grows as far as the surge allows; only when it
 * cannot, old ones shrink: first their pods that are not available anyway, then as many available ones as may be missing.
 * Invariants: never more than desired + maxSurge pods asked for, never an available pod given up below desired - maxUnavailable.
 */
export function rollingStep(rollout: RollingUpdate): ReadonlyMap<string, number> {
  const grown = newSize(rollout);
  if (grown !== rollout.current.replicas) return new Map([[rollout.current.name, grown]]);
  return shrunkOld(rollout);
}

/** The size that the new ReplicaSet may have now. */
export function newSize({ desired, maxSurge, current, old }: RollingUpdate): number {
  if (current.replicas >= desired) return desired;
  const room = desired + maxSurge - current.replicas - sum(old, 'replicas');
  return current.replicas + Math.max(0, Math.min(room, desired - current.replicas));
}

function shrunkOld({ desired, maxUnavailable, current, old }: RollingUpdate): ReadonlyMap<string, number> {
  const minAvailable = desired - maxUnavailable;
  const newUnavailable = Math.max(0, current.replicas - current.available);
  const total = current.replicas + sum(old, 'replicas');
  // Pods of the new ReplicaSet that are not available yet count as missing: they must not be paid for with old ones.
  let mayGo = total - minAvailable - newUnavailable;
  const sizes = new Map<string, number>();
  if (mayGo <= 0) return sizes;

  for (const set of old) {
    const broken = Math.max(0, set.replicas - set.available);
    const going = Math.min(broken, mayGo);
    if (going > 0) sizes.set(set.name, set.replicas - going);
    mayGo -= going;
  }
  let spare = Math.min(mayGo, current.available + sum(old, 'available') - minAvailable);
  for (const set of old) {
    const size = sizes.get(set.name) ?? set.replicas;
    const going = Math.min(size, Math.max(0, spare));
    if (going > 0) sizes.set(set.name, size - going);
    spare -= going;
  }
  return sizes;
}

function sum(sets: readonly SetSize[], field: 'replicas' | 'available'): number {
  return sets.reduce((total, set) => total + set[field], 0);
}
