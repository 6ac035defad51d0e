/**
 * A checked request on the object that was read: what it means there, whether it may be, and everything frozen that it would otherwise
 * look up later. Same object, same salts: same step.
 */
import {
  type Json,
  type LiveObject,
  type Operation,
  type OperationLeaves,
  pass,
  type Refusal,
  type Result,
  refuse,
  type Step,
  type Target,
} from '@countersign/approvals';
import { unfitDocument } from '../change/document-size.ts';
import { EMPTY_ANNOTATIONS } from '../change/patch-rules.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { controllerOf } from '../objects/changeable-kinds.ts';
import { isList, isObject, listAt, valueAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { alreadySo, containerImages } from './already-so.ts';
import type { CheckedRequest } from './checked-request.ts';
import { earlierTemplate } from './earlier-template.ts';
import { hiddenInReach } from './hidden-in-operation.ts';
import { hideLeaves, type SaltOf } from './operation-leaves.ts';

export interface SettledStep {
  readonly request: CheckedRequest;
  readonly step: Step;
  readonly leaves: OperationLeaves;
  /** Null: the step creates it. */
  readonly live: LiveObject | null;
  /** Of a rollback: the revision that the present template is kept under. */
  readonly presentRevision: number | null;
}

/** Throws Unavailable where the cluster gives no answer. */
export async function settleStep(
  connection: ClusterConnection,
  request: CheckedRequest,
  live: LiveObject | null,
  saltOf: SaltOf,
): Promise<Result<SettledStep, Refusal>> {
  const { operation: asked } = request;
  const target: Target = { ...request.target, uid: live?.uid ?? null };
  const { kind, namespace, name } = target;
  if (live === null && asked.type !== 'apply') return refuse({ code: 'target.not_found', kind, namespace, name });
  // What is being deleted is as good as gone, and still has the name.
  if (live?.deleting)
    return refuse({ code: asked.type === 'apply' ? 'target.exists' : 'target.not_found', kind, namespace, name });
  const object = live?.object ?? null;
  const controller = controllerOf(object);
  if (controller !== undefined && asked.type !== 'delete')
    return refuse({ code: 'target.controlled', by: neutralise(controller, 300) });
  const wanted =
    asked.type === 'rollback'
      ? await rollback(connection, target, live, asked.revision)
      : pass({ operation: asked, presentRevision: null });
  if (!wanted.ok) return wanted;
  const { presentRevision } = wanted.value;
  const unfit = unfitFor(wanted.value.operation, object);
  if (unfit !== undefined) return refuse(unfit);
  const hidden = hideLeaves(frozen(wanted.value.operation, object), saltOf, request.kind.template ?? []);
  const { operation, leaves } = hidden;
  return pass({ request, step: { target, operation }, leaves, live, presentRevision });
}

type Wanted = Pick<SettledStep, 'presentRevision'> & { readonly operation: Operation };

async function rollback(
  connection: ClusterConnection,
  target: Target,
  live: LiveObject | null,
  revision: number | null,
): Promise<Result<Wanted, Refusal>> {
  if (live === null) throw new Error('only what is there can be rolled back');
  const earlier = await earlierTemplate(connection, target, live, revision);
  if (!earlier.ok) return earlier;
  const { template, presentRevision } = earlier.value;
  const unfit = unfitDocument(template);
  if (unfit !== undefined) return refuse(unfit);
  const operation: Operation = { type: 'rollback', revision: earlier.value.revision, template: { ...template } };
  return pass({ operation, presentRevision });
}

function unfitFor(operation: Operation, live: Json): Refusal | undefined {
  if (operation.type === 'set-image') {
    const containers = [...containerImages(live).keys()];
    // A patch that names an unknown container would add it.
    if (!containers.includes(operation.container))
      return { code: 'target.container_unknown', container: operation.container, containers };
  }
  if (operation.type === 'patch' && operation.patchType === 'json') {
    const paths = hiddenInReach(operation.patch, live);
    if (paths.length > 0) return { code: 'evidence.hidden_change', paths };
  }
  return alreadySo(operation, live) ? { code: 'target.unchanged' } : undefined;
}

/**
 * A JSON patch adds our mark to a map that must be there. Where the object has no annotations, the plan's own patch begins by making an
 * empty map: part of what is approved, so that the body still comes from the intent alone.
 */
function frozen(operation: Operation, live: Json): Operation {
  if (operation.type !== 'patch' || operation.patchType !== 'json' || !isList(operation.patch)) return operation;
  if (isObject(valueAt(live, 'metadata', 'annotations'))) return operation;
  return { ...operation, patch: [EMPTY_ANNOTATIONS, ...listAt(operation.patch)] };
}
