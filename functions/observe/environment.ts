import * as z from 'zod';
import { cluster, policies, storage } from '../base-environment.ts';

/** functions/observe: reads the cluster as reader. */
export const environmentSchema = z.object({ ...storage, ...policies, ...cluster });
export type Environment = z.infer<typeof environmentSchema>;
