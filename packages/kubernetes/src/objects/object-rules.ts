/** The core's view of objects: what to compare, where they differ, what the policy's rules say. */
import type { ObjectRules } from '@countersign/approvals';
import { findingsOf } from '../deny-rules/findings.ts';
import { changedPaths } from './changed-paths.ts';
import { comparable } from './comparable.ts';
import { isObject } from './json-at.ts';

/** A step without a dry run would pass every rule that looks for something in it. */
const NOTHING_TO_JUDGE = {
  severity: 'deny',
  code: 'dry-run-missing',
  message: 'the step has no dry run to judge',
} as const;

/** Pure; every part works on raw and on shown objects alike. */
export const objectRules: ObjectRules = {
  comparable,
  changedPaths,
  findings: (policy, steps, requester) =>
    steps.flatMap(({ step: { target, operation }, live, dryRun }, at) =>
      // What a delete leaves is nothing; it is judged by what it takes away.
      (operation.type === 'delete' ? isObject(live) : isObject(dryRun))
        ? findingsOf(at + 1, {
            policy,
            target,
            operation,
            live,
            after: operation.type === 'delete' ? null : dryRun,
            requester,
          })
        : [{ ...NOTHING_TO_JUDGE, step: at + 1 }],
    ),
};
