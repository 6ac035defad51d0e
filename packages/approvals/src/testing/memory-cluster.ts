/** A cluster of small objects in memory: quorum reads, dry runs, preconditions, our annotation; and faults where a test wants them. */
import { canonicalize, type Json } from '../canonical.ts';
import type { ExecutionCluster, GuardState, LiveObject, ObjectRules, ProposalCluster } from '../cluster-ports.ts';
import { commit, digestOf } from '../digest.ts';
import type { RawEvidence, ShownEvidence } from '../evidence.ts';
import {
  type ClusterIdentity,
  type Intent,
  intentDigest,
  PLAN_ANNOTATION,
  planMark,
  type Target,
  targetKey,
} from '../intent.ts';
import { pass, refuse } from '../result.ts';
import type { Freshness } from '../review.ts';

export interface MemoryObject {
  uid: string;
  resourceVersion: number;
  generation: number;
  annotations: Record<string, string>;
  replicas: number;
}

export interface MemoryCluster extends ExecutionCluster, ProposalCluster {
  readonly objects: Map<string, MemoryObject>;
  /** Every write that took effect: plan mark and target. */
  readonly effects: { readonly mark: string; readonly target: string }[];
  guardState: GuardState;
  clusterIdentity: ClusterIdentity;
  /** What a request is planned as: one step an object; empty for the object asked for. */
  stepNames: readonly string[];
  /** `before`: the request is lost; `after`: it lands and the answer is lost; `refuse`: the server refuses it. */
  nextWrite: 'normal' | 'lost-before' | 'lost-after' | 'refuse';
}

const GUARDS: GuardState = { missing: [], changed: [], hash: digestOf('countersign.dev/guard/v1', 'as shipped') };

export function memoryCluster(): MemoryCluster {
  const objects = new Map<string, MemoryObject>();
  const effects: { mark: string; target: string }[] = [];
  const keyOf = (target: Pick<Target, 'apiVersion' | 'kind' | 'namespace' | 'name'>): string => targetKey(target);
  const render = (object: MemoryObject): Json => ({
    metadata: {
      uid: object.uid,
      resourceVersion: String(object.resourceVersion),
      generation: object.generation,
      annotations: { ...object.annotations },
    },
    spec: { replicas: object.replicas },
  });
  const liveOf = (object: MemoryObject): LiveObject => ({
    uid: object.uid,
    resourceVersion: String(object.resourceVersion),
    generation: object.generation,
    marks: [object.annotations[PLAN_ANNOTATION] ?? []].flat(),
    deleting: false,
    object: render(object),
  });
  const changed = (object: MemoryObject, intent: Intent, stepNumber: number, planId: string): MemoryObject => {
    const operation = intent.steps[stepNumber - 1]?.operation;
    const replicas = operation?.type === 'scale' ? operation.replicas : object.replicas;
    return {
      ...object,
      resourceVersion: object.resourceVersion + 1,
      generation: object.generation + (replicas === object.replicas ? 0 : 1),
      annotations: { ...object.annotations, [PLAN_ANNOTATION]: planMark(planId, stepNumber, intentDigest(intent)) },
      replicas,
    };
  };
  const cluster: MemoryCluster = {
    objects,
    effects,
    guardState: GUARDS,
    clusterIdentity: { name: 'memory', uid: 'cluster-1', ca: digestOf('countersign.dev/guard/v1', 'ca') },
    stepNames: [],
    nextWrite: 'normal',
    identity: async () => cluster.clusterIdentity,
    guards: async () => cluster.guardState,
    read: async (target) => {
      const object = objects.get(keyOf(target));
      return object === undefined ? null : liveOf(object);
    },
    dryRun: async ({ intent, stepNumber, planId }, live) => {
      const target = intent.steps[stepNumber - 1]?.target;
      const object = target && objects.get(keyOf(target));
      if (object === undefined || String(object.resourceVersion) !== live?.resourceVersion) {
        return { ok: false, refusal: { code: 'target.drifted', changed: [] } };
      }
      return { ok: true, object: render(changed(object, intent, stepNumber, planId)) };
    },
    write: async ({ intent, stepNumber, planId }, live) => {
      const behaviour = cluster.nextWrite;
      cluster.nextWrite = 'normal';
      if (behaviour === 'lost-before') return { outcome: 'unknown' };
      if (behaviour === 'refuse')
        return { outcome: 'refused', refusal: { code: 'write.refused', reason: 'forbidden' } };
      const target = intent.steps[stepNumber - 1]?.target;
      const object = target && objects.get(keyOf(target));
      if (target === undefined || object === undefined || String(object.resourceVersion) !== live?.resourceVersion)
        return { outcome: 'conflict' };
      const after = changed(object, intent, stepNumber, planId);
      objects.set(keyOf(target), after);
      effects.push({ mark: planMark(planId, stepNumber, intentDigest(intent)), target: keyOf(target) });
      if (behaviour === 'lost-after') return { outcome: 'unknown' };
      return { outcome: 'written', resourceVersion: String(after.resourceVersion), object: render(after) };
    },
    prepare: async ({ planId, requests: [request], random }) => {
      if (request?.operation.type !== 'scale')
        return refuse({ code: 'target.kind_not_supported', kind: request?.operation.type ?? '', allowed: ['scale'] });
      const { operation, ...asked } = request;
      const names = cluster.stepNames.length > 0 ? cluster.stepNames : [asked.name];
      const targets = names.map((name) => ({
        apiVersion: 'apps/v1',
        kind: asked.kind,
        namespace: asked.namespace,
        name,
      }));
      const found = targets.map((target) => ({ target, object: objects.get(keyOf(target)) }));
      const intent: Intent = {
        format: 'countersign.intent/v1',
        cluster: cluster.clusterIdentity,
        steps: found.map(({ target, object }) => ({
          target: { ...target, uid: object?.uid ?? null },
          operation: { type: 'scale', replicas: operation.replicas },
        })),
      };
      const steps: RawEvidence['steps'] = [];
      const freshness: Freshness[] = [];
      for (const [at, { target, object }] of found.entries()) {
        if (object === undefined)
          return refuse({
            code: 'target.not_found',
            kind: target.kind,
            namespace: target.namespace,
            name: target.name,
          });
        const [step, freshnessSalt] = [at + 1, random.token(16)];
        const [live, dryRun] = [render(object), render(changed(object, intent, step, planId))];
        steps.push({ step, live, dryRun, freshnessSalt, leafSalts: {} });
        const commitment = commit(freshnessSalt, memoryRules.comparable(live));
        freshness.push({ step, uid: object.uid, generation: object.generation, resourceVersion: null, commitment });
      }
      return pass({
        intent,
        evidence: shownOf(steps, operation.replicas),
        raw: { format: 'countersign.raw-evidence/v1', planId, steps },
        freshness,
        redactions: [],
        guardHash: cluster.guardState.hash,
        riskTier: 'medium',
        riskReasons: ['changes replicas'],
        ignoredPaths: { version: 1, paths: ['/metadata/resourceVersion'] },
      });
    },
  };
  return cluster;
}

export const memoryRules: ObjectRules = {
  comparable: (object) => {
    if (object === null || typeof object !== 'object' || Array.isArray(object)) return object;
    const { metadata, ...rest } = object as { metadata: { resourceVersion: string } & Record<string, Json> } & Record<
      string,
      Json
    >;
    const { resourceVersion: _, ...kept } = metadata;
    return { ...rest, metadata: kept };
  },
  changedPaths: (a, b) => (canonicalize(a) === canonicalize(b) ? [] : ['/spec']),
  findings: () => [],
};

function shownOf(steps: RawEvidence['steps'], replicas: number): ShownEvidence {
  return {
    format: 'countersign.evidence/v1',
    live: steps.map(({ step, live }) => ({ step, object: live })),
    dryRun: steps.map(({ step, dryRun }) => ({ step, object: dryRun })),
    dryRunFacts: { at: '2026-11-21T00:00:00.000Z', serverVersion: 'memory', warnings: [] },
    diff: steps.map(({ step }) => ({
      step,
      changes: [
        {
          label: 'replicas',
          path: '/spec/replicas',
          kind: 'changed',
          from: '1',
          to: String(replicas),
          meaning: 'requested',
        },
      ],
      raw: '',
    })),
    findings: steps.map(({ step }) => ({
      severity: 'pass',
      code: 'privileged',
      step,
      message: 'no privileged container',
    })),
    blastRadius: [],
    undo: { steps: null, message: 'scale back' },
    successCriteria: { withinSeconds: 300, all: steps.map(({ step }) => ({ type: 'rollout', step, replicas })) },
  };
}
