/** DeleteOptions: the only place where a delete can name the very object, and the only one where it can say that it is a dry run. */
import type { Json, Operation, Target } from '@countersign/approvals';

/** Throws without uid and version: the API server would delete whatever has the name. */
export function deleteBody(
  target: Target,
  { propagation, gracePeriodSeconds }: Extract<Operation, { type: 'delete' }>,
  { resourceVersion, dryRun }: { readonly resourceVersion: string | null; readonly dryRun: boolean },
): Json {
  if (target.uid === null || resourceVersion === null) throw new Error('a delete needs uid and version');
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: target.uid, resourceVersion },
    propagationPolicy: propagation,
    ...(gracePeriodSeconds === null ? {} : { gracePeriodSeconds }),
    ...(dryRun ? { dryRun: ['All'] } : {}),
  };
}
