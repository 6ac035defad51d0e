/** Each added capability is a piece of root: SYS_ADMIN alone is nearly all of it. */
import { listAt } from '../objects/json-at.ts';
import { podContainers } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const addedCapability: Rule = {
  code: 'added-capability',
  passes: 'no container adds capabilities',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ after }) => ({
    denials: podContainers(after).flatMap(({ label, container }) => {
      const added = listAt(container, 'securityContext', 'capabilities', 'add');
      return added.length === 0 ? [] : [`${label} adds ${added.filter((name) => typeof name === 'string').join(', ')}`];
    }),
  }),
};
