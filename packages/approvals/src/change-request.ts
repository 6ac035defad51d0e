/** What somebody asks for, before it is an intent: no uid, no timestamp, no old template yet. */
import * as z from 'zod';
import { gracePeriodSeconds, NAMESPACE_PATTERN, OBJECT_NAME_PATTERN, propagation, sharedOperations } from './intent.ts';
import { INTENT_STEPS_MAX } from './limits.ts';

export const changeRequest = z.strictObject({
  kind: z.string().regex(/^[A-Z][A-Za-z0-9]{0,62}$/),
  namespace: z.string().regex(NAMESPACE_PATTERN),
  name: z.string().regex(OBJECT_NAME_PATTERN),
  operation: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('restart') }),
    ...sharedOperations,
    /** Null: the revision before the present one. */
    z.strictObject({ type: z.literal('rollback'), revision: z.number().int().min(1).nullable() }),
    z.strictObject({ type: z.literal('delete'), propagation, gracePeriodSeconds }),
  ]),
});
export type ChangeRequest = z.infer<typeof changeRequest>;

/** One plan's changes in the order in which they run. */
export const changeRequests = z.array(changeRequest).min(1).max(INTENT_STEPS_MAX);
