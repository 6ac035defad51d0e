/** Why a plan ended as it did: the stored code, with the stored detail as text that may quote a cluster. */
import type { Plan } from '@countersign/approvals';
import * as z from 'zod';

export const reasonShape = z
  .strictObject({ code: z.string(), untrusted: z.strictObject({ detail: z.string() }) })
  .nullable();

export const reasonOf = (plan: Pick<Plan, 'reason'>): z.infer<typeof reasonShape> =>
  plan.reason === null ? null : { code: plan.reason.code, untrusted: { detail: plan.reason.detail } };
