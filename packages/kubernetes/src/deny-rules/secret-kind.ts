/**
 * Kinds that hold or mint credentials. Their content must not pass through a plan, where people and agents would read it, and a write
 * to them is somebody's identity. No policy can switch this off.
 */
import { groupOf } from './kind-names.ts';
import type { Rule } from './rule.ts';

const MINTING = new Set([
  '/TokenRequest',
  'authentication.k8s.io/TokenRequest',
  'certificates.k8s.io/CertificateSigningRequest',
]);

export const secretKind: Rule = {
  code: 'secret-kind',
  passes: 'the kind holds no credentials',
  enforced: 'always',
  otherwise: 'high',
  judge: ({ target }) => {
    const group = groupOf(target);
    const named = [target.kind, group].some((name) => /secret|vault/i.test(name));
    const mints = MINTING.has(`${group}/${target.kind}`);
    return { denials: named || mints ? [`${target.kind} holds or mints credentials`] : [] };
  },
};
