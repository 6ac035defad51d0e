/**
 * The proposer: turns a request into everything that a plan is made of, by reads and one dry run. Refuses to work where the guard
 * policies are missing or changed: without them its own write RBAC would be held back by nothing (design.md section 3).
 */
import {
  type ClusterIdentity,
  commit,
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
import { type DryRunAnswer, sendDryRun } from '../change/send-change.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { Forbidden, readIdentity, readServerVersion } from '../connection/read.ts';
import { readTarget } from '../execute/execution-cluster.ts';
import { demandGuards, readGuards } from '../guard/guard-state.ts';
import { CHANGES_MAX, PREPARE_CONFLICT_RETRIES_MAX, SALT_BYTES, SENTENCE_CHARACTERS_MAX } from '../limits.ts';
import { ignoredPaths } from '../objects/comparable.ts';
import { autoscalerOwnsReplicas } from '../objects/field-owners.ts';
import { objectRules } from '../objects/object-rules.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { alreadySo, containerImages } from './already-so.ts';
import { blastRadius } from './blast-radius.ts';
import { type CheckedRequest, checkRequest } from './checked-request.ts';
import { hiddenChanges, showStep } from './hidden-leaves.ts';
import { rawDiff } from './raw-diff.ts';
import { riskOf } from './risk.ts';
import { semanticDiff } from './semantic-diff.ts';
import { successCriteriaOf } from './success-criteria.ts';
import { readSurroundings } from './surroundings.ts';
import { undoOf } from './undo.ts';

type PrepareInput = Parameters<ProposalCluster['prepare']>[0];
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
  // Nothing is sent before the request is known to be one, on a kind and in a namespace that the policy allows (acceptance T73).
  const request = checkRequest(input.request, input.policy, input.now);
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
  return describe({
    ...tried.value,
    request: request.value,
    around,
    serverVersion,
    guardHash: guard.hash,
    rules,
    input,
  });
}

interface TriedOut {
  readonly target: Target;
  readonly intent: Intent;
  readonly live: LiveObject;
  readonly dryRun: Extract<DryRunAnswer, { readonly ok: true }>;
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

interface Described extends TriedOut {
  readonly request: CheckedRequest;
  readonly around: Awaited<ReturnType<typeof readSurroundings>>;
  readonly serverVersion: string;
  readonly guardHash: PreparedChange['guardHash'];
  readonly rules: ObjectRules;
  readonly input: PrepareInput;
}

function describe({
  target,
  intent,
  live,
  dryRun,
  request,
  around,
  serverVersion,
  guardHash,
  rules,
  input,
}: Described): Result<PreparedChange, Refusal> {
  const { operation } = request;
  const { policy, random, now, planId } = input;
  const findings = rules.findings(policy, [{ step: { target, operation }, live: live.object, dryRun: dryRun.object }]);
  const denied = findings.filter(({ severity }) => severity === 'deny');
  if (denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });
  const hidden = hiddenChanges(live.object, dryRun.object);
  if (hidden.length > 0) return refuse({ code: 'evidence.hidden_change', paths: hidden });

  const shown = showStep(1, live.object, dryRun.object, random);
  const changes = semanticDiff(shown.live, shown.dryRun, operation);
  if (changes.every(({ meaning }) => meaning === 'mark' || meaning === 'consequence'))
    return refuse({ code: 'target.unchanged' });
  const raw = rawDiff(shown.live, shown.dryRun);
  const listed = changes.slice(0, CHANGES_MAX);
  const risk = riskOf({
    operation,
    live: live.object,
    changes,
    rawCut: raw.cut || listed.length < changes.length,
    around,
  });
  const freshnessSalt = random.token(SALT_BYTES);
  // Where an autoscaler moves replicas and generation by itself, only a plan that sets the replicas pins the generation.
  const generation = autoscalerOwnsReplicas(live.object) && operation.type !== 'scale' ? null : live.generation;
  return pass({
    intent,
    evidence: {
      format: 'countersign.evidence/v1',
      live: [{ step: 1, object: shown.live }],
      dryRun: [{ step: 1, object: shown.dryRun }],
      dryRunFacts: {
        at: now.toISOString(),
        serverVersion,
        warnings: dryRun.warnings.slice(0, 10).map((text) => neutralise(text, SENTENCE_CHARACTERS_MAX)),
      },
      diff: [{ step: 1, changes: listed, raw: raw.text }],
      findings: [...findings],
      blastRadius: [...blastRadius(live.object, operation, around)],
      undo: undoOf(target, operation, live.object),
      successCriteria: successCriteriaOf(target, operation, live.object, around, policy),
    },
    raw: {
      format: 'countersign.raw-evidence/v1',
      planId,
      steps: [{ step: 1, live: live.object, dryRun: dryRun.object, freshnessSalt, leafSalts: shown.leafSalts }],
    },
    freshness: [
      {
        step: 1,
        uid: live.uid,
        generation,
        // Pinned only for kinds with neither generation nor status; a Deployment has both.
        resourceVersion: null,
        commitment: commit(freshnessSalt, rules.comparable(live.object)),
      },
    ],
    redactions: shown.redactions,
    guardHash,
    riskTier: risk.tier,
    riskReasons: risk.reasons,
    ignoredPaths: ignoredPaths(live.object),
  });
}
