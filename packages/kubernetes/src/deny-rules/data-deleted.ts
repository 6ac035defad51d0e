/** What a delete takes away for good: a claim's or a namespace's data comes back with no undo. */
import { textAt } from '../objects/json-at.ts';
import { groupOf } from './kind-names.ts';
import type { Rule } from './rule.ts';

const HOLDERS = new Set(['PersistentVolumeClaim', 'PersistentVolume', 'Namespace']);

export const dataDeleted: Rule = {
  code: 'data-deleted',
  passes: 'no stored data goes with the change',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ target, operation, live, after }) => {
    if (operation.type === 'delete' && groupOf(target) === '' && HOLDERS.has(target.kind)) {
      return { denials: [`deleting a ${target.kind} deletes what is stored in it`] };
    }
    // A StatefulSet may take its claims along: when it is deleted, and when it has fewer pods.
    const retention = (when: string): boolean =>
      textAt(operation.type === 'delete' ? live : after, 'spec', 'persistentVolumeClaimRetentionPolicy', when) ===
      'Delete';
    if (operation.type === 'delete') {
      return { denials: retention('whenDeleted') ? ['the claims of its pods are deleted with it'] : [] };
    }
    const was = (when: string): boolean =>
      textAt(live, 'spec', 'persistentVolumeClaimRetentionPolicy', when) === 'Delete';
    return {
      denials: ['whenDeleted', 'whenScaled']
        .filter((when) => retention(when) && !was(when))
        .map((when) => `the plan sets ${when}: Delete, so that claims are deleted later`),
      ...(operation.type === 'scale' && retention('whenScaled')
        ? { warnings: ['claims of pods that are taken away are deleted'] }
        : {}),
    };
  },
};
