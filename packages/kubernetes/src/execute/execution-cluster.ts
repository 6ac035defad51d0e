/** The executor's view of its cluster: the only identity that writes. Judges nothing; the live gates of the core do. */
import { type ExecutionCluster, type LiveObject, Unavailable } from '@countersign/approvals';
import { readTarget } from '../change/read-target.ts';
import { sendDryRun, sendWrite } from '../change/send-change.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { readIdentity } from '../connection/read.ts';
import { demandGuards, readGuards } from '../guard/guard-state.ts';

/** Throws an Error on a connection without guard manifests. */
export function executionCluster(connection: ClusterConnection): ExecutionCluster {
  demandGuards(connection);
  return {
    identity: () => readIdentity(connection),
    guards: () => readGuards(connection),
    read: (target) => readTarget(connection, target),
    dryRun: async (step, live) => {
      const answer = await sendDryRun(connection, { ...step, resourceVersion: versionOf(live) });
      return answer.ok ? { ok: true, object: answer.object } : answer;
    },
    write: (step, live) => sendWrite(connection, { ...step, resourceVersion: versionOf(live) }),
  };
}

/** An empty resourceVersion is no precondition at all: the API server would take the write over anybody's change. */
function versionOf(live: LiveObject | null): string {
  if (live === null || live.resourceVersion === '') throw new Unavailable('the object was read without a version');
  return live.resourceVersion;
}
