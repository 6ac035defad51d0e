import * as z from 'zod';
import { cluster, policies, rawEvidence, storage } from '../base-environment.ts';

/** functions/propose: the only role that dry-runs as proposer; KUBECONFIG_CONTEXT is the proposer's. The planner sits here. */
export const environmentSchema = z.object({ ...storage, ...policies, ...cluster, ...rawEvidence });
export type Environment = z.infer<typeof environmentSchema>;
