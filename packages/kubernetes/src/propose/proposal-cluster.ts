/**
 * The proposer: turns a request into everything that a plan is made of, by reads and one dry run. Refuses to work where the guard
 * policies are missing or changed: without them its own write RBAC would be held back by nothing.
 */
import {
  type ClusterIdentity,
  type Intent,
  type LiveObject,
  NotCanonicalizable,
  type ObjectRules,
  type PreparedChange,
  type ProposalCluster,
  pass,
  type Refusal,
  type Result,
  refuse,
  type Target,
} from '@countersign/approvals';
import { readTarget } from '../change/read-target.ts';
import { sendDryRun } from '../change/send-change.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { Forbidden, readIdentity, readServerVersion } from '../connection/read.ts';
import { demandGuards, readGuards } from '../guard/guard-state.ts';
import { PREPARE_CONFLICT_RETRIES_MAX } from '../limits.ts';
import { objectRules } from '../objects/object-rules.ts';
import { alreadySo, containerImages } from './already-so.ts';
import { type CheckedRequest, checkRequest } from './checked-request.ts';
import { type PrepareInput, preparedChange, type TriedOut } from './prepared-change.ts';
import { readSurroundings } from './surroundings.ts';

type Prepared<T> = Promise<Result<T, Refusal>>;

/** Throws an Error on a connection without guard manifests. */
export function proposalCluster(connection: ClusterConnection, rules: ObjectRules = objectRules): ProposalCluster {
  demandGuards(connection);
  return {
    /** Throws Unavailable where the cluster gives no answer. */
    prepare: async (input) => {
      try {
        return await prepare(connection, rules, input);
      } catch (error) {
        if (error instanceof Forbidden) return refuse({ code: 'cluster.forbidden' });
        // An integer beyond 2^53 or half a surrogate pair: digests over it could be read in two ways (RFC 8785 section 3.2.2).
        if (error instanceof NotCanonicalizable) {
          return refuse({
            code: 'dry_run.refused',
            reason: 'the object holds a number or text that JSON cannot carry exactly',
          });
        }
        throw error;
      }
    },
  };
}

async function prepare(
  connection: ClusterConnection,
  rules: ObjectRules,
  input: PrepareInput,
): Prepared<PreparedChange> {
  // Nothing is sent before the request is known to be one, on a kind and in a namespace that the policy allows.
  const request = checkRequest(input.requests, input.policy, input.now);
  if (!request.ok) return request;
  const [identity, guard, serverVersion] = await Promise.all([
    readIdentity(connection),
    readGuards(connection),
    readServerVersion(connection),
  ]);
  const unfit = [...new Set([...guard.missing, ...guard.changed])];
  if (unfit.length > 0) return refuse({ code: 'guard.missing', policies: unfit });

  const tried = await tryOut(connection, request.value, identity, input.planId);
  if (!tried.ok) return tried;
  const around = await readSurroundings(connection, tried.value.target, tried.value.live.object);
  return preparedChange({
    ...tried.value,
    request: request.value,
    around,
    serverVersion,
    guardHash: guard.hash,
    rules,
    input,
  });
}

/** Quorum read and dry run of one object state; a newer state in between (409) begins anew, a bounded number of times. */
async function tryOut(
  connection: ClusterConnection,
  request: CheckedRequest,
  cluster: ClusterIdentity,
  planId: string,
): Prepared<TriedOut> {
  for (let attempt = 0; attempt <= PREPARE_CONFLICT_RETRIES_MAX; attempt += 1) {
    const live = await readTarget(connection, request.target);
    const unfit = unfitFor(request, live);
    if (live === null || unfit !== undefined) return refuse(unfit ?? notFound(request.target));
    const target = { ...request.target, uid: live.uid };
    const intent: Intent = {
      format: 'countersign.intent/v1',
      cluster,
      steps: [{ target, operation: request.operation }],
    };
    const dryRun = await sendDryRun(connection, {
      intent,
      stepNumber: 1,
      planId,
      resourceVersion: live.resourceVersion,
    });
    if (dryRun.ok) return pass({ target, intent, live, dryRun });
    if (dryRun.refusal.code !== 'write.conflict') return refuse(dryRun.refusal);
  }
  return refuse({ code: 'dry_run.refused', reason: 'the object kept changing while it was read' });
}

function unfitFor({ target, operation }: CheckedRequest, live: LiveObject | null): Refusal | undefined {
  // What is being deleted is as good as gone.
  if (live === null || live.deleting) return notFound(target);
  if (operation.type === 'set-image') {
    const containers = [...containerImages(live.object).keys()];
    // A patch that names an unknown container would add it.
    if (!containers.includes(operation.container)) {
      return { code: 'target.container_unknown', container: operation.container, containers };
    }
  }
  return alreadySo(operation, live.object) ? { code: 'target.unchanged' } : undefined;
}

const notFound = ({ kind, namespace, name }: Target): Refusal => ({ code: 'target.not_found', kind, namespace, name });
