/** A container that the workload did not have: another program with the same identity, network and volumes. */
import type { Json } from '@countersign/approvals';
import { podContainers } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const containerAdded: Rule = {
  code: 'container-added',
  passes: 'no container is new',
  enforced: 'listed',
  otherwise: 'high',
  // What is created has new containers only; its tier says so already.
  judge: ({ live, after }) => ({
    denials: live === null ? [] : brought(labelsOf(live), labelsOf(after)).map((label) => `${label} is new`),
  }),
};

const labelsOf = (object: Json): readonly string[] => podContainers(object).map(({ label }) => label);
