/** A cluster of small objects in memory: quorum reads, dry runs, preconditions, our annotation; and faults where a test wants them. */
import { canonicalize, type Json } from '../canonical.ts';
import type {
  ExecutionCluster,
  GuardState,
  LiveObject,
  ObjectRules,
  ProposalCluster,
  StepToRun,
} from '../cluster-ports.ts';
import { commit, digestOf } from '../digest.ts';
import type { RawEvidence, ShownEvidence } from '../evidence.ts';
import {
  type ClusterIdentity,
  type Intent,
  intentDigest,
  MARK_ANNOTATIONS,
  markAnnotation,
  type Operation,
  planMark,
  type Step,
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
  /** What a request is planned as: one step an object; empty for a scale of the object asked for. */
  planned: readonly PlannedStep[];
  /** `before`: the request is lost; `after`: it lands and the answer is lost; `refuse`: the server refuses it. */
  nextWrite: 'normal' | 'lost-before' | 'lost-after' | 'refuse';
}

export interface PlannedStep {
  readonly name: string;
  readonly does: 'scale' | 'create' | 'delete';
}

const OPERATIONS: Readonly<Record<PlannedStep['does'], (replicas: number) => Operation>> = {
  scale: (replicas) => ({ type: 'scale', replicas }),
  create: () => ({ type: 'apply', manifest: { spec: { replicas: 1 } } }),
  delete: () => ({ type: 'delete', propagation: 'Background', gracePeriodSeconds: null }),
};

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
    marks: MARK_ANNOTATIONS.flatMap((key) => object.annotations[key] ?? []),
    deleting: false,
    object: render(object),
  });
  const stepOf = ({ intent, stepNumber }: Pick<StepToRun, 'intent' | 'stepNumber'>): Step => {
    const step = intent.steps[stepNumber - 1];
    if (step === undefined) throw new RangeError(`no step ${stepNumber}`);
    return step;
  };
  /** What the step leaves behind: null where it takes the object away. */
  const changed = (object: MemoryObject | undefined, run: Omit<StepToRun, 'leaves'>): MemoryObject | null => {
    const step = stepOf(run);
    if (step.operation.type === 'delete') return null;
    const before = object ?? {
      uid: `uid-${run.planId}`,
      resourceVersion: 0,
      generation: 0,
      annotations: {},
      replicas: 0,
    };
    const replicas = step.operation.type === 'scale' ? step.operation.replicas : 1;
    const mark = planMark(run.planId, run.stepNumber, intentDigest(run.intent));
    return {
      ...before,
      resourceVersion: before.resourceVersion + 1,
      generation: before.generation + (replicas === before.replicas ? 0 : 1),
      annotations: { ...before.annotations, [markAnnotation(step)]: mark },
      replicas,
    };
  };
  const renderOrNull = (object: MemoryObject | null): Json => (object === null ? null : render(object));
  /** The object that a request finds, or undefined where its precondition does not hold: the version read, or absence. */
  const found = (
    run: StepToRun,
    live: LiveObject | null,
  ): { readonly object: MemoryObject | undefined } | undefined => {
    const object = objects.get(keyOf(stepOf(run).target));
    const version = object === undefined ? undefined : String(object.resourceVersion);
    return version === live?.resourceVersion ? { object } : undefined;
  };
  const cluster: MemoryCluster = {
    objects,
    effects,
    guardState: GUARDS,
    clusterIdentity: { name: 'memory', uid: 'cluster-1', ca: digestOf('countersign.dev/guard/v1', 'ca') },
    planned: [],
    nextWrite: 'normal',
    identity: async () => cluster.clusterIdentity,
    guards: async () => cluster.guardState,
    read: async (target) => {
      const object = objects.get(keyOf(target));
      return object === undefined ? null : liveOf(object);
    },
    dryRun: async (run, live) => {
      const at = found(run, live);
      if (at === undefined) return { ok: false, refusal: { code: 'target.drifted', changed: [] } };
      return { ok: true, object: renderOrNull(changed(at.object, run)) };
    },
    write: async (run, live) => {
      const behaviour = cluster.nextWrite;
      cluster.nextWrite = 'normal';
      if (behaviour === 'lost-before') return { outcome: 'unknown' };
      if (behaviour === 'refuse')
        return { outcome: 'refused', refusal: { code: 'write.refused', reason: 'forbidden' } };
      const at = found(run, live);
      if (at === undefined) return { outcome: 'conflict' };
      const target = keyOf(stepOf(run).target);
      const after = changed(at.object, run);
      if (after === null) objects.delete(target);
      else objects.set(target, after);
      effects.push({ mark: planMark(run.planId, run.stepNumber, intentDigest(run.intent)), target });
      if (behaviour === 'lost-after') return { outcome: 'unknown' };
      const resourceVersion = after === null ? null : String(after.resourceVersion);
      return { outcome: 'written', resourceVersion, object: renderOrNull(after) };
    },
    prepare: async ({ planId, requests: [request], random }) => {
      if (request?.operation.type !== 'scale')
        return refuse({ code: 'target.kind_not_supported', kind: request?.operation.type ?? '', allowed: ['scale'] });
      const { operation, ...asked } = request;
      const planned: readonly PlannedStep[] =
        cluster.planned.length > 0 ? cluster.planned : [{ name: asked.name, does: 'scale' }];
      const targets = planned.map(({ name, does }) => ({
        target: { apiVersion: 'apps/v1', kind: asked.kind, namespace: asked.namespace, name },
        operation: OPERATIONS[does](operation.replicas),
        absent: does === 'create',
      }));
      const intent: Intent = {
        format: 'countersign.intent/v1',
        cluster: cluster.clusterIdentity,
        steps: targets.map(({ target, operation: of }) => ({
          target: { ...target, uid: objects.get(keyOf(target))?.uid ?? null },
          operation: of,
        })),
      };
      const steps: RawEvidence['steps'] = [];
      const freshness: Freshness[] = [];
      for (const [at, { target, absent }] of targets.entries()) {
        const object = objects.get(keyOf(target));
        const { kind, namespace, name } = target;
        if ((object === undefined) !== absent)
          return refuse({ code: absent ? 'target.exists' : 'target.not_found', kind, namespace, name });
        const [step, freshnessSalt] = [at + 1, random.token(16)];
        const live = renderOrNull(object ?? null);
        const dryRun = renderOrNull(changed(object, { intent, stepNumber: step, planId }));
        steps.push({ step, live, dryRun, freshnessSalt, leafSalts: {} });
        const commitment = commit(freshnessSalt, memoryRules.comparable(live));
        const [uid, generation] = [object?.uid ?? null, object?.generation ?? null];
        freshness.push({ step, uid, generation, resourceVersion: null, commitment });
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
  comparable: (object, as) => {
    if (object === null || typeof object !== 'object' || Array.isArray(object)) return object;
    const { metadata, ...rest } = object as { metadata: { resourceVersion: string } & Record<string, Json> } & Record<
      string,
      Json
    >;
    const { resourceVersion: _, uid, ...kept } = metadata;
    return { ...rest, metadata: as === 'create' || uid === undefined ? kept : { ...kept, uid } };
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
