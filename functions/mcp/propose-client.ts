/** functions/propose, invoked and waited for. Its answer is a Result of our own; anything else counts as no answer. */
import { type Refusal, type Result, Unavailable } from '@countersign/approvals';
import type { ProposeClient } from '@countersign/mcp';
import * as z from 'zod';
import type { Platform } from '../platform.ts';
import { clientProposal } from '../proposal-event.ts';

const answer = z.union([
  z.object({ ok: z.literal(true), value: z.object({ planId: z.string() }) }),
  z.object({ ok: z.literal(false), refusal: z.looseObject({ code: z.string() }) }),
]);

export const proposeClient = (functionName: string, platform: Pick<Platform, 'invoke'>): ProposeClient => ({
  propose: async (request) => {
    const event = clientProposal.parse({ type: 'client-proposal', ...request });
    const parsed = answer.safeParse(await platform.invoke(functionName, event));
    if (!parsed.success) throw new Unavailable(`${functionName} gave no answer of its kind`);
    return parsed.data as Result<{ readonly planId: string }, Refusal>;
  },
});
