/**
 * The proposer: turns requests into everything that a plan is made of, by reads and one dry run a step. Refuses to work where the guard
 * policies are missing or changed: without them its own write RBAC would be held back by nothing.
 */
import {
  NotCanonicalizable,
  type ObjectRules,
  type PreparedChange,
  type ProposalCluster,
  type Refusal,
  type Result,
  refuse,
} from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { Forbidden, readIdentity, readServerVersion } from '../connection/read.ts';
import { demandGuards, readGuards } from '../guard/guard-state.ts';
import { objectRules } from '../objects/object-rules.ts';
import { checkRequests } from './checked-request.ts';
import type { SurroundedStep } from './described-step.ts';
import { type Looker, lookerAt } from './looker.ts';
import { type PrepareInput, preparedChange } from './prepared-change.ts';
import { readSurroundings } from './surroundings.ts';
import { tryOut } from './try-out.ts';

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
  // Nothing is sent before the requests are known to be some, on kinds and in namespaces that the policy allows.
  const requests = checkRequests(input.requests, input.policy, input.now);
  if (!requests.ok) return requests;
  const [cluster, guard, serverVersion] = await Promise.all([
    readIdentity(connection),
    readGuards(connection),
    readServerVersion(connection),
  ]);
  const unfit = [...new Set([...guard.missing, ...guard.changed])];
  if (unfit.length > 0) return refuse({ code: 'guard.missing', policies: unfit });

  const tried = await tryOut(connection, {
    requests: requests.value,
    cluster,
    planId: input.planId,
    random: input.random,
  });
  if (!tried.ok) return tried;
  const { intent, steps: all } = tried.value;
  // One look at each kind of a namespace serves all steps.
  const lookers = new Map<string, Looker>();
  const steps: SurroundedStep[] = [];
  for (const tried of all) {
    const { namespace } = tried.step.target;
    const looker = lookers.get(namespace) ?? lookerAt(connection, namespace);
    lookers.set(namespace, looker);
    const [live, dryRun] = [tried.live?.object ?? null, tried.dryRun.object];
    steps.push({
      ...tried,
      around: await readSurroundings(looker, { step: tried.step, live, dryRun, now: input.now }),
    });
  }
  return preparedChange({ intent, steps, serverVersion, guardHash: guard.hash, rules, input });
}
