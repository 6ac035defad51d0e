/** Sends one step's request, as a dry run or for real, and says what became of it. The two differ in nothing but `dryRun` and identity. */
import { type DryRunResult, type Json, Unavailable, type WriteResult } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { jsonOf } from '../connection/read.ts';
import { isObject, textAt } from '../objects/json-at.ts';
import { changeRefusal, dryRunRefusal } from './api-refusal.ts';
import { type StepRequest, stepOf, stepRequest } from './step-request.ts';

export type DryRunAnswer =
  | Exclude<DryRunResult, { readonly ok: true }>
  /** `object`: null for a delete. */
  | { readonly ok: true; readonly object: Json; readonly warnings: readonly string[] };

type Send = Omit<StepRequest, 'dryRun'>;
const isDelete = ({ intent, stepNumber }: Send): boolean => stepOf(intent, stepNumber).operation.type === 'delete';
/** 201: an apply that creates. 202: a delete that was accepted and takes its time (a finalizer, a grace period). */
const succeeded = (status: number): boolean => status === 200 || status === 201 || status === 202;

/** Throws Unavailable where the cluster gave no verdict; repeating a dry run is harmless. */
export async function sendDryRun(connection: ClusterConnection, step: Send): Promise<DryRunAnswer> {
  const answer = await connection.send(stepRequest({ ...step, dryRun: true }));
  if (answer.kind !== 'answered') throw new Unavailable('the cluster did not answer');
  if (succeeded(answer.status)) {
    if (isDelete(step)) return { ok: true, object: null, warnings: answer.warnings };
    const object = jsonOf(answer.body);
    if (!isObject(object)) throw new Unavailable('the cluster answered no object');
    return { ok: true, object, warnings: answer.warnings };
  }
  const refusal = dryRunRefusal(
    changeRefusal(answer.status, statusOf(answer.body)),
    stepOf(step.intent, step.stepNumber).target,
  );
  if (refusal === undefined) throw new Unavailable('the cluster answered with a fault of its own');
  return { ok: false, refusal };
}

/**
 * The write: sent once. Throws Unavailable only where nothing left this machine, or where the server says that it did not begin (429,
 * 408). What may have happened is `unknown`, never a failure.
 */
export async function sendWrite(connection: ClusterConnection, step: Send): Promise<WriteResult> {
  const answer = await connection.send(stepRequest({ ...step, dryRun: false }));
  if (answer.kind === 'unsent') throw new Unavailable('the cluster could not be reached');
  if (answer.kind === 'lost') return { outcome: 'unknown' };
  if (succeeded(answer.status)) {
    return isDelete(step) ? { outcome: 'written', resourceVersion: null, object: null } : written(answer.body);
  }
  const refusal = changeRefusal(answer.status, statusOf(answer.body));
  switch (refusal.kind) {
    case 'conflict':
    // Gone between read and write: as with a conflict, the next read shows what is true now.
    case 'gone':
      return { outcome: 'conflict' };
    case 'forbidden':
      return { outcome: 'refused', refusal: { code: 'cluster.forbidden' } };
    case 'field-conflict':
      return { outcome: 'refused', refusal: { code: 'target.field_conflict', conflicts: refusal.conflicts } };
    case 'webhook-without-dry-run':
      return { outcome: 'refused', refusal: { code: 'dry_run.unsupported_webhook' } };
    case 'refused':
      return { outcome: 'refused', refusal: { code: 'write.refused', reason: refusal.reason } };
    case 'busy':
      throw new Unavailable('the cluster is too busy and did not begin the write');
    case 'unclear':
      return { outcome: 'unknown' };
  }
}

/** It was written; without a readable answer the reconciler reads what. */
function written(body: Buffer): WriteResult {
  try {
    const object = jsonOf(body);
    const resourceVersion = textAt(object, 'metadata', 'resourceVersion');
    return resourceVersion ? { outcome: 'written', resourceVersion, object } : { outcome: 'unknown' };
  } catch {
    return { outcome: 'unknown' };
  }
}

/** A refusal's body; one that is no JSON (a proxy's page) says nothing beside its HTTP status. */
function statusOf(body: Buffer): Json {
  try {
    return jsonOf(body);
  } catch {
    return null;
  }
}
