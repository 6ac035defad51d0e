/** The inverse of an operation, made now, while the old values are known. It is a proposal of its own when somebody wants it. */
import {
  type Json,
  type Operation,
  operation as operationSchema,
  type Target,
  type Undo,
} from '@countersign/approvals';
import { neutralise } from '../redaction/neutralise.ts';
import { containerImages, replicasOf } from './already-so.ts';

export function undoOf(target: Target, operation: Operation, live: Json): Undo {
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
    default:
      return { steps: null, message: 'No inverse is known' };
  }
}

/** What was there before may be beyond what a plan can say (2000 replicas): then no inverse is prepared. */
function inverse(target: Target, operation: Operation, message: string): Undo {
  return operationSchema.safeParse(operation).success
    ? { steps: [{ target, operation }], message: `${message}; it would need its own approval` }
    : { steps: null, message: 'What was there before is beyond what a plan can set' };
}
