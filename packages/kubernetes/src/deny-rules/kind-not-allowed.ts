/** The policy's own list of kinds: what it allows, less what it denies. */
import { kindListed, kindNamesOf } from './kind-names.ts';
import type { Rule } from './rule.ts';

export const kindNotAllowed: Rule = {
  code: 'kind-not-allowed',
  passes: 'the kind is one that plans may change',
  enforced: 'by-key',
  otherwise: 'high',
  isSet: ({ kinds }) => kinds !== undefined,
  judge: ({ policy, target }) => {
    const { allow, deny = [] } = policy.kinds ?? {};
    const [name = ''] = kindNamesOf(target);
    if (kindListed(deny, target)) return { denials: [`the policy denies changes of ${name}`] };
    const allowed = allow === undefined || kindListed(allow, target);
    return { denials: allowed ? [] : [`${name} is not one of ${allow.join(', ') || 'no kinds'}`] };
  },
};
