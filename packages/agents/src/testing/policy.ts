/** A policy for tests of the planner: what it reads of one. */
import { type Policy, type PolicySet, policySet } from '@countersign/approvals';
import { NAMESPACE } from './facts.ts';

export const POLICY: Policy = {
  format: 'countersign.policy/v1',
  name: 'test',
  version: 1,
  namespaces: [NAMESPACE],
  replicas: { min: 0, max: 5 },
  deny: ['image-tag'],
  approvals: [
    {
      requesters: ['planner'],
      tiers: ['low', 'medium', 'high'],
      approvers: { kind: 'group', group: 'operators' },
      quorum: 1,
      passkey: false,
      commentOnApprove: false,
    },
  ],
  bindings: [],
  operators: ['operators'],
  auditors: [],
  executors: [],
  windowSeconds: 3_600,
  verifySeconds: 120,
  requesterRight: 'not-asked',
};

export const POLICIES: PolicySet = policySet(POLICY);
