/** A pod in its node's namespaces sees the node's traffic, processes and memory, and those of every other pod there. */
import { podSpecsOf } from './pod-containers.ts';
import type { Rule } from './rule.ts';

const NAMESPACES = ['hostNetwork', 'hostPID', 'hostIPC'] as const;

export const hostNamespace: Rule = {
  code: 'host-namespace',
  passes: "no pod shares its node's network, processes or memory",
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ after }) => ({
    denials: podSpecsOf(after).flatMap((spec) =>
      NAMESPACES.filter((name) => spec[name] === true).map((name) => `the pods have ${name}`),
    ),
  }),
};
