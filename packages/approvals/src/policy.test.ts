import { describe, expect, it } from 'vitest';
import { policySchema, policySet, protectedNamespaces } from './policy.ts';
import { POLICY } from './testing/world.ts';

const rule = { name: 'one', effect: 'deny', message: 'no', expression: 'true' };

describe('a policy document', () => {
  it('gains nothing by being read: absent keys stay absent, so that its hash stays', () => {
    expect(policySchema.parse(POLICY)).toEqual(POLICY);
  });

  it.each([
    [{ reads: { kinds: ['*'], deniedKinds: ['configmaps', 'leases.coordination.k8s.io'] } }],
    [{ kinds: { allow: ['deployments.apps'], deny: [] }, protectedNamespaces: ['vault'], podSecurity: 'baseline' }],
    [{ images: { registries: ['ghcr.io/acme', 'registry:5000', 'docker.io/library'], digestRequired: true } }],
    [{ rules: [{ ...rule, kinds: ['*'], namespaces: ['shop'], operations: ['delete'] }] }],
  ])('takes %j', (more) => {
    expect(policySchema.parse({ ...POLICY, ...more })).toMatchObject(more);
  });

  it.each([
    ['podSecurity', { podSecurity: 'privileged' }],
    ['reads.kinds.0', { reads: { kinds: ['Pod'] } }],
    ['kinds.deny.0', { kinds: { deny: ['*.apps'] } }],
    ['kinds: Unrecognized key: "denied"', { kinds: { denied: ['pods'] } }],
    ['images.registries.0', { images: { registries: ['https://ghcr.io'] } }],
    ['protectedNamespaces.0', { protectedNamespaces: ['Vault'] }],
    ['rules.0.effect', { rules: [{ ...rule, effect: 'warn' }] }],
    ['rules.0.expression', { rules: [{ ...rule, expression: 'a'.repeat(2_001) }] }],
    ['rules: each name once', { rules: [rule, rule] }],
    ['deny.0', { deny: ['privilege'] }],
  ])('that is wrong stops the start with a sentence that names %s', (field, more) => {
    expect(() => policySet({ ...POLICY, ...more })).toThrow(`the deployed policy cannot be used: ${field}`);
    expect(() => policySet(POLICY, [{ ...POLICY, ...more }])).toThrow(`earlier policy 1 cannot be used: ${field}`);
  });

  it('protects the namespaces of the cluster and of Countersign, listed or not', () => {
    const own = ['kube-system', 'kube-public', 'kube-node-lease', 'countersign-system'];
    expect(protectedNamespaces(policySchema.parse(POLICY))).toEqual(own);
    expect(protectedNamespaces(policySchema.parse({ ...POLICY, protectedNamespaces: ['vault'] }))).toEqual([
      ...own,
      'vault',
    ]);
  });
});
