/**
 * The one request of a step: what both dry runs and the write send. Method, path, query, content type and body come from the intent, the
 * step number, the plan id and the hidden leaves alone; `metadata.resourceVersion` is the only part that each takes from its own quorum read.
 */
import {
  FIELD_MANAGER,
  type Intent,
  intentDigest,
  markAnnotation,
  planMark,
  type Step,
  type StepToRun,
  type Target,
} from '@countersign/approvals';
import type { ApiRequest } from '../connection/api-request.ts';
import { CHANGEABLE_KINDS, type ChangeableKind } from '../objects/changeable-kinds.ts';
import { objectPath } from '../objects/resource-kinds.ts';
import { deleteBody } from './delete-body.ts';
import { type PatchFacts, patchBody } from './patch-body.ts';

export interface StepRequest extends StepToRun {
  /** Null: the object must be absent. */
  readonly resourceVersion: string | null;
  readonly dryRun: boolean;
}

/** The step of that number. Throws where the intent has none: a programming error, never a caller's. */
export function stepOf(intent: Intent, stepNumber: number): Step {
  const step = intent.steps[stepNumber - 1];
  if (step === undefined) throw new Error('the intent has no such step');
  return step;
}

/** Throws for a kind that no plan may change: an intent with one was never ours. */
function kindOf(target: Pick<Target, 'apiVersion' | 'kind'>): ChangeableKind {
  const kind = CHANGEABLE_KINDS.find((known) => known.kind === target.kind && known.apiVersion === target.apiVersion);
  if (kind === undefined) throw new Error('the intent names a kind that cannot be changed');
  return kind;
}

/** Path segments of a target. Throws for a kind that no plan may change. */
export const targetPath = (target: Target): readonly string[] =>
  objectPath(kindOf(target), target.namespace, target.name);

/**
 * On the object itself, never on /scale, which cannot carry our annotation. `force` is never sent. A strict server refuses a patch that
 * names a field which it does not know, instead of dropping it. Throws for an operation that the kind does not have.
 */
export function stepRequest(request: StepRequest): ApiRequest {
  const { target, operation } = stepOf(request.intent, request.stepNumber);
  if (!kindOf(target).operations.includes(operation.type)) throw new Error('the kind has no such operation');
  // A dry run stores nothing. The write is sent once: whether a lost one arrived is for the reconciler to read.
  const sent = { path: targetPath(target), repeatable: request.dryRun };
  if (operation.type === 'delete') {
    // With a body, the API server reads no option from the query, not even dryRun.
    const json = deleteBody(target, operation, request);
    return { ...sent, method: 'DELETE', body: { contentType: 'application/json', json } };
  }
  return {
    ...sent,
    method: 'PATCH',
    query: {
      fieldManager: FIELD_MANAGER,
      fieldValidation: 'Strict',
      ...(request.dryRun ? { dryRun: 'All' } : {}),
    },
    body: patchBody(factsOf(request)),
  };
}

function factsOf({ intent, stepNumber, planId, leaves, resourceVersion }: StepRequest): PatchFacts {
  const step = stepOf(intent, stepNumber);
  const { uid } = step.target;
  if ((uid === null) !== (resourceVersion === null))
    throw new Error('a version goes with a uid, and neither with a create');
  return {
    kind: kindOf(step.target),
    step,
    leaves,
    // Another object under the same name is never the approved one; the version is the fence of a zombie executor: 409 where anybody wrote since the read.
    preconditions: uid === null || resourceVersion === null ? {} : { uid, resourceVersion },
    mark: { [markAnnotation(step)]: planMark(planId, stepNumber, intentDigest(intent)) },
  };
}
