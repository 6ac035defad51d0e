/** The inverse of a plan, made now, while the old values are known. It is a proposal of its own when somebody wants it. */
import {
  comparedAs,
  type Json,
  type Operation,
  operation as operationSchema,
  type Step,
  type Target,
  type Undo,
} from '@countersign/approvals';
import { changeableKind } from '../objects/changeable-kinds.ts';
import { objectAt, textAt } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { containerImages, replicasOf } from './already-so.ts';
import type { ShownStep } from './hidden-leaves.ts';
import { madeAgain } from './made-again.ts';
import { patchBack } from './patch-back.ts';

/** All steps, undone in the reverse order; all of them or none, for half an undo leaves a state that nobody has seen. */
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

/** Both objects in shown form: what is hidden cannot be set back, and is in no undo. */
export type UndoFacts = Pick<ShownStep, 'live' | 'dryRun'> & {
  /** The revision that the present template is kept under; null where it is not known. */
  readonly presentRevision: number | null;
};

export function undoOf(step: Step, { live, dryRun, presentRevision }: UndoFacts): Undo {
  const { target, operation } = step;
  switch (operation.type) {
    case 'restart':
      return none('A restart has no inverse: the pods are new, their template is not');
    case 'scale': {
      const replicas = replicasOf(live);
      return inverse(target, { type: 'scale', replicas }, `Back to ${replicas} replicas`);
    }
    case 'set-image': {
      const image = containerImages(live).get(operation.container) ?? '';
      return inverse(target, { ...operation, image }, `Image of ${operation.container} back to ${neutralise(image)}`);
    }
    case 'label': {
      const labels = entriesBefore(live, 'labels', operation.labels);
      return inverse(target, { ...operation, labels }, 'The labels back as they were');
    }
    case 'annotate': {
      const annotations = entriesBefore(live, 'annotations', operation.annotations);
      return inverse(target, { ...operation, annotations }, 'The annotations back as they were');
    }
    case 'rollback':
      return rolledForward(target, live, presentRevision);
    case 'apply':
      // Its uid is not known yet: whoever asks for the undo later deletes what then has the name, by the uid that it has then.
      if (comparedAs(step) === 'create')
        return inverse(
          target,
          { type: 'delete', propagation: 'Background', gracePeriodSeconds: null },
          'Deletes what the step makes',
        );
      return setBack(target, live, dryRun);
    case 'patch':
      return setBack(target, live, dryRun);
    case 'delete': {
      const made = madeAgain(target, live);
      if (typeof made === 'string') return none(made);
      return inverse(
        { ...target, uid: null },
        { type: 'apply', manifest: { ...made } },
        'Makes the object again as it was, under a new uid; what it owned does not come back with it',
      );
    }
  }
}

const none = (message: string): Undo => ({ steps: null, message });

/** Null for what was not there. */
function entriesBefore(
  live: Json,
  map: 'labels' | 'annotations',
  changed: Readonly<Record<string, string | null>>,
): Record<string, string | null> {
  const before = objectAt(live, 'metadata', map);
  return Object.fromEntries(Object.keys(changed).map((key) => [key, textAt(before, key) ?? null]));
}

function rolledForward(target: Target, live: Json, presentRevision: number | null): Undo {
  const template = changeableKind(target.kind)?.template;
  if (presentRevision === null || !template) return none('The present template is kept under no revision');
  const operation: Operation = {
    type: 'rollback',
    revision: presentRevision,
    template: { ...objectAt(live, ...template) },
  };
  return inverse(target, operation, `Back to revision ${presentRevision}, for as long as the cluster keeps it`);
}

function setBack(target: Target, live: Json, dryRun: Json): Undo {
  const patch = patchBack(live, dryRun, target);
  if (typeof patch === 'string') return none(patch);
  return inverse(target, { type: 'patch', patchType: 'json', patch: [...patch] }, 'Every changed field back as it was');
}

/** What was there before may be beyond what a plan can say (2000 replicas): then no inverse is prepared. */
function inverse(target: Target, operation: Operation, message: string): Undo {
  return operationSchema.safeParse(operation).success
    ? { steps: [{ target, operation }], message: `${message}; it would need its own approval` }
    : none('What was there before is beyond what a plan can set');
}
