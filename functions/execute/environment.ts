import * as z from 'zod';
import { cluster, deployment, pinnedKeys, policies, rawEvidence, storage } from '../base-environment.ts';

/** functions/execute: the only role that reaches the cluster as executor. It can sign nothing. */
export const environmentSchema = z.object({
  ...deployment,
  ...storage,
  ...policies,
  ...pinnedKeys,
  ...cluster,
  ...rawEvidence,
});
export type Environment = z.infer<typeof environmentSchema>;
