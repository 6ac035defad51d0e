/** A Secret that pods begin to read. It is the right way to give a program a secret, and the way to read one that is not yours. */
import type { Json } from '@countersign/approvals';
import { listAt, textAt } from '../objects/json-at.ts';
import { containersOf, podSpecsOf } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const secretMount: Rule = {
  code: 'secret-mount',
  passes: 'the pods read no Secret that they did not read before',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => ({
    denials: brought(secretsOf(live), secretsOf(after)).map((name) => `the pods would read Secret "${name}"`),
  }),
};

/** Names of every Secret that the pods can see, by whichever way. */
const secretsOf = (object: Json): readonly string[] =>
  podSpecsOf(object)
    .flatMap((spec) => [
      ...listAt(spec, 'imagePullSecrets').map((reference) => textAt(reference, 'name')),
      ...listAt(spec, 'volumes').flatMap((volume) => [
        textAt(volume, 'secret', 'secretName'),
        ...listAt(volume, 'projected', 'sources').map((source) => textAt(source, 'secret', 'name')),
        ...CARRIERS.map((path) => textAt(volume, ...path)),
      ]),
      ...containersOf(spec).flatMap(({ container }) => [
        ...listAt(container, 'env').map((variable) => textAt(variable, 'valueFrom', 'secretKeyRef', 'name')),
        ...listAt(container, 'envFrom').map((source) => textAt(source, 'secretRef', 'name')),
      ]),
    ])
    .filter((name) => name !== undefined);

/** Volumes of other kinds that hand a Secret to their driver. */
const CARRIERS = [
  ['csi', 'nodePublishSecretRef', 'name'],
  ['azureFile', 'secretName'],
  ...['cephfs', 'flexVolume', 'iscsi', 'rbd', 'scaleIO', 'storageos'].map((kind) => [kind, 'secretRef', 'name']),
] as const;
