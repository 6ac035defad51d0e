/** What the cluster shows after a write, and whether an open plan's targets are still as they were. Reader identity. */
import type { CriterionState, Intent, SuccessCriterion, VerificationCluster } from '@countersign/approvals';
import { readTarget } from '../change/read-target.ts';
import { stepOf } from '../change/step-request.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { countEndpoints } from '../objects/endpoint-count.ts';
import { ENDPOINT_SLICES } from '../objects/resource-kinds.ts';
import type { EndpointSlice } from '../objects/wire.ts';
import { changedSince } from './changed-since.ts';
import { rolloutState } from './rollout-state.ts';

/** Both methods throw Unavailable where the cluster gives no answer. */
export function verificationCluster(connection: ClusterConnection): VerificationCluster {
  return {
    observe: (criteria, intent) => Promise.all(criteria.map((criterion) => observe(connection, criterion, intent))),
    freshness: async ({ intent, live, redactions }) => {
      const changed: string[] = [];
      for (const [at, { target }] of intent.steps.entries()) {
        const step = at + 1;
        changed.push(
          ...changedSince({
            target,
            approved: live.find((shown) => shown.step === step)?.object ?? null,
            redactions: redactions.filter((redaction) => redaction.step === step),
            now: await readTarget(connection, target),
          }),
        );
      }
      return { fresh: changed.length === 0, changed };
    },
  };
}

async function observe(
  connection: ClusterConnection,
  criterion: SuccessCriterion,
  intent: Intent,
): Promise<CriterionState> {
  switch (criterion.type) {
    case 'rollout': {
      const { target } = stepOf(intent, criterion.step);
      return { criterion, ...rolloutState(criterion.replicas, target, await readTarget(connection, target)) };
    }
    case 'present': {
      const { target } = stepOf(intent, criterion.step);
      const live = await readTarget(connection, target);
      const met = live !== null && !live.deleting && (target.uid === null || live.uid === target.uid);
      return {
        criterion,
        state: met ? 'met' : 'waiting',
        message: `${target.kind} ${target.name} is ${met ? '' : 'not '}there`,
      };
    }
    case 'absent': {
      const { target } = stepOf(intent, criterion.step);
      const live = await readTarget(connection, target);
      // Another uid: the approved object is gone, whoever made a new one of that name.
      const met = live === null || live.uid !== target.uid;
      const how = met ? 'gone' : live.deleting ? 'being deleted' : 'still there';
      return { criterion, state: met ? 'met' : 'waiting', message: `${target.kind} ${target.name} is ${how}` };
    }
    case 'endpoints': {
      const slices = await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, criterion.namespace, {
        labelSelector: `kubernetes.io/service-name=${criterion.service}`,
      });
      const { ready } = countEndpoints(criterion.service, slices);
      const met = ready >= criterion.readyMin;
      return {
        criterion,
        state: met ? 'met' : 'waiting',
        message: `Service ${criterion.service} has ${ready} of ${criterion.readyMin} ready endpoints`,
      };
    }
  }
}
