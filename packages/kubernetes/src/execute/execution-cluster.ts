/** The executor's view of its cluster: the only identity that writes. Judges nothing; the live gates of the core do. */
import {
  type ExecutionCluster,
  type LiveObject,
  type StepToRun,
  type Target,
  Unavailable,
} from '@countersign/approvals';
import { readTarget } from '../change/read-target.ts';
import { sendDryRun, sendWrite } from '../change/send-change.ts';
import { stepOf } from '../change/step-request.ts';
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
      if (createdMeanwhile(step, live)) return { ok: false, refusal: { code: 'target.exists', ...nameOf(step) } };
      const answer = await sendDryRun(connection, { ...step, resourceVersion: versionOf(step, live) });
      return answer.ok ? { ok: true, object: answer.object } : answer;
    },
    write: async (step, live) =>
      createdMeanwhile(step, live)
        ? { outcome: 'conflict' }
        : sendWrite(connection, { ...step, resourceVersion: versionOf(step, live) }),
  };
}

const targetOf = ({ intent, stepNumber }: StepToRun): Target => stepOf(intent, stepNumber).target;
const createdMeanwhile = (step: StepToRun, live: LiveObject | null): boolean =>
  targetOf(step).uid === null && live !== null;

function nameOf(step: StepToRun): Pick<Target, 'kind' | 'namespace' | 'name'> {
  const { kind, namespace, name } = targetOf(step);
  return { kind, namespace, name };
}

/** Null for what must be absent. An empty resourceVersion is no precondition at all: the API server would take the write over anybody's change. */
function versionOf(step: StepToRun, live: LiveObject | null): string | null {
  if (targetOf(step).uid === null) return null;
  if (live === null || live.resourceVersion === '') throw new Unavailable('the object was read without a version');
  return live.resourceVersion;
}
