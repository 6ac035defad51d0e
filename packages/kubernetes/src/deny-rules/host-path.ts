/** A hostPath volume reads or writes the node's own files: its kubelet credentials, its container runtime. */
import { listAt, objectAt, textAt } from '../objects/json-at.ts';
import { podSpecsOf } from './pod-containers.ts';
import type { Rule } from './rule.ts';

export const hostPath: Rule = {
  code: 'host-path',
  passes: "no volume is a path of the node's",
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ after }) => ({
    denials: podSpecsOf(after)
      .flatMap((spec) => listAt(spec, 'volumes'))
      .filter((volume) => Object.hasOwn(objectAt(volume), 'hostPath'))
      .map((volume) => `volume "${textAt(volume, 'name') ?? ''}" is a path of the node's`),
  }),
};
