/**
 * The one body of a step: what both dry runs and the write send. It comes from the intent, the step number and the plan id alone;
 * `metadata.resourceVersion` is the only part that each takes from its own quorum read.
 */
import {
  FIELD_MANAGER,
  type Intent,
  intentDigest,
  type Json,
  type Operation,
  PLAN_ANNOTATION,
  planMark,
  type Step,
  type Target,
} from '@countersign/approvals';
import { PatchStrategy } from '@kubernetes/client-node/dist/patch.js';
import type { ApiRequest } from '../connection/api-request.ts';
import { CHANGEABLE_KINDS, objectPath } from '../objects/resource-kinds.ts';

export interface StepPatch {
  readonly intent: Intent;
  /** From 1. */
  readonly stepNumber: number;
  readonly planId: string;
  readonly resourceVersion: string;
  readonly dryRun: boolean;
}

/** The step of that number. Throws where the intent has none: a programming error, never a caller's. */
export function stepOf(intent: Intent, stepNumber: number): Step {
  const step = intent.steps[stepNumber - 1];
  if (step === undefined) throw new Error('the intent has no such step');
  return step;
}

/** Path segments of a target. Throws for a kind that no plan may change: an intent with one was never ours. */
export function targetPath(target: Target): readonly string[] {
  const kind = CHANGEABLE_KINDS.find((known) => known.kind === target.kind && known.apiVersion === target.apiVersion);
  if (kind === undefined) throw new Error('the intent names a kind that cannot be changed');
  return objectPath(kind, target.namespace, target.name);
}

/**
 * On the object itself, never on /scale, which cannot carry our annotation. `force` is never sent. A strict server refuses a patch that
 * names a field which it does not know, instead of dropping it.
 */
export function patchRequest(patch: StepPatch): ApiRequest {
  return {
    method: 'PATCH',
    path: targetPath(stepOf(patch.intent, patch.stepNumber).target),
    query: {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      ...(patch.dryRun ? { dryRun: 'All' } : {}),
    },
    body: { contentType: PatchStrategy.StrategicMergePatch, json: patchBody(patch) },
    // A dry run stores nothing. The write is sent once: whether a lost one arrived is for the reconciler to read.
    repeatable: patch.dryRun,
  };
}

export function patchBody({ intent, stepNumber, planId, resourceVersion }: Omit<StepPatch, 'dryRun'>): Json {
  const { target, operation } = stepOf(intent, stepNumber);
  return {
    metadata: {
      // Another object under the same name is never the approved one.
      ...(target.uid === null ? {} : { uid: target.uid }),
      // The fence of a zombie executor: 409 where anybody wrote since the read.
      resourceVersion,
      annotations: { [PLAN_ANNOTATION]: planMark(planId, stepNumber, intentDigest(intent)) },
    },
    spec: specPatch(operation),
  };
}

function specPatch(operation: Operation): Json {
  switch (operation.type) {
    case 'restart':
      return { template: { metadata: { annotations: { [RESTARTED_AT]: operation.restartedAt } } } };
    case 'scale':
      return { replicas: operation.replicas };
    case 'set-image':
      // Containers merge by name: the others stay.
      return { template: { spec: { containers: [{ name: operation.container, image: operation.image }] } } };
    default:
      throw new Error('the intent holds an operation that has no patch');
  }
}

/** What `kubectl rollout restart` sets, too. */
export const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
