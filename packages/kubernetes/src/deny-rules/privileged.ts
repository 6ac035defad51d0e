/** A privileged container is root on its node, and from there in the cluster. On Windows the same right is called hostProcess. */
import { valueAt } from '../objects/json-at.ts';
import { podContainers, podSpecsOf } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const privileged: Rule = {
  code: 'privileged',
  passes: 'no container is privileged',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ after }) => {
    const inPod = podSpecsOf(after).some(
      (spec) => valueAt(spec, 'securityContext', 'windowsOptions', 'hostProcess') === true,
    );
    const containers = podContainers(after).filter(
      ({ container }) =>
        valueAt(container, 'securityContext', 'privileged') === true ||
        valueAt(container, 'securityContext', 'windowsOptions', 'hostProcess') === true,
    );
    return {
      denials: [
        ...(inPod ? ['all containers run as host processes'] : []),
        ...containers.map(({ label }) => `${label} is privileged`),
      ],
    };
  },
};
