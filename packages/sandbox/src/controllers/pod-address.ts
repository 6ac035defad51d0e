import { createHash } from 'node:crypto';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { record } from './kinds.ts';
import { POD_NETWORK } from './node.ts';

/** Addresses that a pod may have: 10.244.0.1 to 10.244.249.250. */
const ADDRESSES = 62_500;

/** The pod's address, or a free one: derived from its uid, so that a restart of the sandbox or a second run gives the same. */
export function podAddress(store: ObjectStore, pod: KubeObject): string {
  const held = record(pod.status).podIP;
  if (typeof held === 'string' && held !== '') return held;
  const taken = new Set(store.list('pods').map((other) => record(other.status).podIP));
  const start = createHash('sha256').update(pod.metadata.uid).digest().readUInt32BE(0);
  for (let step = 0; step < ADDRESSES; step++) {
    const index = (start + step) % ADDRESSES;
    const address = `${POD_NETWORK}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    if (!taken.has(address)) return address;
  }
  throw new Error('the sandbox has no pod address left');
}
