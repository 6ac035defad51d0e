/** The inverse of a plan, made now, while the old values are known. It is a proposal of its own when somebody wants it. */
import {
  type Json,
  type Operation,
  operation as operationSchema,
  type Step,
  type Target,
  type Undo,
} from '@countersign/approvals';
import { objectAt, textAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { containerImages, replicasOf } from './already-so.ts';
import type { ShownStep } from './hidden-leaves.ts';

/** What lies in a plan, undone in the reverse order; all of it or nothing, for half an undo is a state that nobody knows. */
export function undoOfPlan(steps: readonly Undo[]): Undo {
  const [only, ...more] = steps;
  if (only !== undefined && more.length === 0) return only;
  const without = steps.findIndex((undo) => undo.steps === null);
  if (without >= 0) {
    return { steps: null, message: `Step ${without + 1} of ${steps.length}: ${steps[without]?.message ?? ''}` };
  }
  return {
    steps: steps.flatMap((undo) => [...(undo.steps ?? [])]).reverse(),
    message: `Undoes all ${steps.length} steps in reverse order; it would need its own approval`,
  };
}

export function undoOf({ target, operation }: Step, { live }: Pick<ShownStep, 'live' | 'dryRun'>): Undo {
  switch (operation.type) {
    case 'restart':
      return { steps: null, message: 'A restart has no inverse: the pods are new, their template is not' };
    case 'scale': {
      const replicas = replicasOf(live);
      return inverse(target, { type: 'scale', replicas }, `Back to ${replicas} replicas`);
    }
    case 'set-image': {
      const image = containerImages(live).get(operation.container) ?? '';
      return inverse(target, { ...operation, image }, `Image of ${operation.container} back to ${neutralise(image)}`);
    }
    case 'label':
      return inverse(
        target,
        { ...operation, labels: entriesBefore(live, 'labels', operation.labels) },
        'The labels back as they were',
      );
    case 'annotate':
      return inverse(
        target,
        { ...operation, annotations: entriesBefore(live, 'annotations', operation.annotations) },
        'The annotations back as they were',
      );
    case 'patch':
    case 'apply':
    case 'rollback':
    case 'delete':
      return { steps: null, message: 'No inverse is known' };
  }
}

/** Null for what was not there. */
function entriesBefore(
  live: Json,
  map: 'labels' | 'annotations',
  changed: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  const before = objectAt(live, 'metadata', map);
  return Object.fromEntries(Object.keys(changed).map((key) => [key, textAt(before, key) ?? null]));
}

/** What was there before may be beyond what a plan can say (2000 replicas): then no inverse is prepared. */
function inverse(target: Target, operation: Operation, message: string): Undo {
  return operationSchema.safeParse(operation).success
    ? { steps: [{ target, operation }], message: `${message}; it would need its own approval` }
    : { steps: null, message: 'What was there before is beyond what a plan can set' };
}
