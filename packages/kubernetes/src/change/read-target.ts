import type { LiveObject, Target } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { readObject } from '../connection/read.ts';
import { liveObjectOf } from '../objects/live-object.ts';
import { targetPath } from './step-request.ts';

/** Quorum read of a target; null where the object is absent. Throws Unavailable. */
export async function readTarget(connection: ClusterConnection, target: Target): Promise<LiveObject | null> {
  const object = await readObject(connection, targetPath(target));
  return object === null ? null : liveObjectOf(object);
}
