/** A ConfigMap is read by whoever may read the namespace: a password does not belong there. */
import { isSecretName, type Json } from '@countersign/approvals';
import { objectAt } from '../objects/json-at.ts';
import { brought, type Rule } from './rule.ts';

export const secretLikeKey: Rule = {
  code: 'secret-like-key',
  passes: 'no new ConfigMap key looks like a secret',
  enforced: 'listed',
  otherwise: 'medium',
  judge: ({ target, live, after }) => ({
    denials: target.kind === 'ConfigMap' ? brought(keysOf(live), keysOf(after)) : [],
  }),
};

const keysOf = (object: Json): readonly string[] =>
  [...Object.keys(objectAt(object, 'data')), ...Object.keys(objectAt(object, 'binaryData'))]
    .filter(isSecretName)
    .map((key) => `the key "${key}" looks like a secret: use a Secret and a reference to it`);
