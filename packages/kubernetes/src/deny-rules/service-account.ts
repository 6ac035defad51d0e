/** A pod has the rights of its service account: another account is another identity, whatever else the plan says. */
import type { Json } from '@countersign/approvals';
import { textAt } from '../objects/json-at.ts';
import { podSpecsOf } from './pod-containers.ts';
import { brought, type Rule } from './rule.ts';

export const serviceAccount: Rule = {
  code: 'service-account',
  passes: 'the pods keep their service account',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ live, after }) => ({
    denials: brought(accountsOf(live), accountsOf(after)).map((name) => `the pods would run as ${name}`),
  }),
};

/** `default` is what a pod has that names none. Its rights are what the namespace's owner gave it, and so are no gain. */
const accountsOf = (object: Json): readonly string[] =>
  podSpecsOf(object)
    .flatMap((spec) => [textAt(spec, 'serviceAccountName'), textAt(spec, 'serviceAccount')])
    .filter((name) => name !== undefined && name !== '' && name !== 'default')
    .map((name) => `service account "${name}"`);
