import { openPlan, policySet } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { AGENT, asRequester, GROUP, OPERATOR, OUTSIDER, SECOND, THIRD } from '../testing/people.ts';
import { creationOf, type PlanDraft } from '../testing/plans.ts';
import { POLICY } from '../testing/world.ts';
import { type DirectoryEntry, recipients } from './recipients.ts';

const policies = policySet(POLICY);
const entry = (email: string, personId: string | null, groups: readonly string[]): DirectoryEntry => ({
  email,
  personId,
  groups,
});
const DIRECTORY = [
  entry('third@example.com', THIRD.id, [GROUP]),
  entry('operator@example.com', OPERATOR.id, [GROUP]),
  entry('second@example.com', SECOND.id, [GROUP]),
  entry('outsider@example.com', OUTSIDER.id, []),
];

function reviewOf(draft: Partial<PlanDraft>) {
  const { after, evidence = '' } = creationOf(
    { planId: `pln_${'A'.repeat(22)}`, ...draft },
    policies.deployedHash,
    new Date('2026-11-21T09:54:30Z'),
  );
  const opened = openPlan({ plan: after, evidence });
  if (!opened.ok) throw new Error(opened.refusal.code);
  return opened.value.review;
}
const addresses = (draft: Partial<PlanDraft>, directory = DIRECTORY, notice?: 'decided' | 'outcome') =>
  recipients(reviewOf(draft), policies, directory, notice).map(({ email }) => email);

describe('who is asked', () => {
  it('are those who may decide, and not the owner of the requesting client', () => {
    expect(addresses({ by: AGENT })).toEqual(['operator@example.com', 'third@example.com']);
  });

  it('is the requesting person alone where the policy says so', () => {
    expect(addresses({ by: asRequester(OUTSIDER), review: { riskTier: 'low' } })).toEqual(['outsider@example.com']);
  });

  it('is nobody when the policy of the plan is unknown', () => {
    expect(addresses({ by: AGENT, review: { policyHash: `sha256:${'0'.repeat(64)}` } })).toEqual([]);
  });

  it('is each address once, and never something that is no plain address', () => {
    const directory = [
      entry('Operator@example.com', OPERATOR.id, [GROUP]),
      entry('operator@example.com', null, [GROUP]),
      ...[
        'a@example.com\r\nBcc: b@example.com',
        'a@example.com, b@example.com',
        'A <a@example.com>',
        'nobody',
        '',
        'a@b@c',
        'a@example.com\0',
        `${'x'.repeat(300)}@example.com`,
      ].map((email) => entry(email, null, [GROUP])),
    ];
    expect(addresses({ by: AGENT }, directory)).toEqual(['Operator@example.com']);
  });
});

describe('who is told of the outcome', () => {
  it('are the deciders and, beside them, requester and owner', () => {
    expect(addresses({ by: AGENT }, DIRECTORY, 'outcome')).toEqual([
      'operator@example.com',
      'second@example.com',
      'third@example.com',
    ]);
    expect(addresses({ by: asRequester(OUTSIDER) }, DIRECTORY, 'decided')).toContain('outsider@example.com');
  });
});
