import { expect } from 'vitest';
import type { Answer } from './cluster-under-test.ts';

export const PROPOSER = 'countersign-proposer-dry-run-only';
export const EXECUTOR = 'countersign-executor-marked-writes';

/** Refused by that admission policy and by nothing else; `rule`: part of the message of the rule. */
export function refusedBy(answer: Answer, policy: string, rule = ''): void {
  expect(answer).toMatchObject({
    status: 403,
    body: { kind: 'Status', message: expect.stringContaining(`ValidatingAdmissionPolicy '${policy}'`) },
  });
  expect(answer.body.message).toContain(rule);
}
