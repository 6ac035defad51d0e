import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { guardHash, readGuardManifests } from './guard-manifests.ts';

const shipped = readFileSync(new URL('../../../../infra/cluster/guard-policies.yaml', import.meta.url), 'utf8');
const policy = (spec: string): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
const binding = (spec: string): string =>
  `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: p}\nspec: ${spec}\n`;

describe('readGuardManifests', () => {
  it('reads the two policies and their bindings that the release ships', () => {
    expect(readGuardManifests(shipped).map(({ kind, name }) => `${kind.kind} ${name}`)).toEqual([
      'ValidatingAdmissionPolicy countersign-proposer-dry-run-only',
      'ValidatingAdmissionPolicyBinding countersign-proposer-dry-run-only',
      'ValidatingAdmissionPolicy countersign-executor-marked-writes',
      'ValidatingAdmissionPolicyBinding countersign-executor-marked-writes',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p}\n'],
    ['a policy without a binding', policy('{failurePolicy: Fail}')],
    [
      'a policy that lets pass what it cannot judge',
      policy('{failurePolicy: Ignore}') + binding('{policyName: p, validationActions: [Deny]}'),
    ],
    [
      'a binding that only audits',
      policy('{failurePolicy: Fail}') + binding('{policyName: p, validationActions: [Audit]}'),
    ],
    [
      'a binding of another policy',
      policy('{failurePolicy: Fail}') + binding('{policyName: q, validationActions: [Deny]}'),
    ],
    ['no YAML', 'a: [b'],
  ])('refuses %s: a guard that guards nothing must not start', (_what, text) => {
    expect(() => readGuardManifests(text)).toThrow(/^guard manifests: /);
  });

  it("takes the API server's defaults for what they are: the same as their absence", () => {
    const bound = binding('{policyName: p, validationActions: [Deny]}');
    const spare = readGuardManifests(policy('{matchConstraints: {resourceRules: [{resources: [pods]}]}}') + bound);
    const full = readGuardManifests(
      policy(
        '{failurePolicy: Fail, matchConstraints: {matchPolicy: Equivalent, namespaceSelector: {}, objectSelector: {}, resourceRules: [{resources: [pods], scope: "*"}]}}',
      ) + bound,
    );
    expect(guardHash(spare)).toBe(guardHash(full));
  });

  it('gives another hash for another spec, and the same for another order', () => {
    const guards = readGuardManifests(shipped);
    expect(guardHash([...guards].reverse())).toBe(guardHash(guards));
    expect(
      guardHash(guards.map((guard, at) => (at === 0 ? { ...guard, spec: { ...guard.spec, validations: [] } } : guard))),
    ).not.toBe(guardHash(guards));
  });
});
