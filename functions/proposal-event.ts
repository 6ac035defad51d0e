/** What functions/mcp invokes functions/propose with. Parsed again here: the proposer trusts no caller's shape. */
import { changeRequests, requester } from '@countersign/approvals';
import * as z from 'zod';

export const clientProposal = z.strictObject({
  type: z.literal('client-proposal'),
  /** The planner proposes for anomalies only, from the queue; nobody at the endpoint is the deployment itself. */
  requester: requester.refine((by) => by.kind !== 'planner'),
  groups: z.array(z.string()),
  changes: changeRequests,
  words: z.strictObject({ title: z.string(), reason: z.string() }),
});
export type ClientProposal = z.infer<typeof clientProposal>;
