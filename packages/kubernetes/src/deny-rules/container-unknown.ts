/** A patch that names an unknown container adds it: an approved "new image" would be a new, unreviewed container. */
import { podContainers } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const containerUnknown: Rule = {
  code: 'container-unknown',
  passes: 'the plan names only containers that exist',
  enforced: 'always',
  otherwise: 'high',
  judge: ({ operation, live }) => {
    if (operation.type !== 'set-image' || live === null) return { denials: [] };
    const known = podContainers(live).some(({ list, name }) => list === 'containers' && name === operation.container);
    return { denials: known ? [] : [`there is no container "${operation.container}"`] };
  },
};
