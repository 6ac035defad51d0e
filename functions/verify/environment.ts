import * as z from 'zod';
import { cluster, storage } from '../base-environment.ts';

/** functions/verify: reads the cluster as reader. */
export const environmentSchema = z.object({ ...storage, ...cluster });
export type Environment = z.infer<typeof environmentSchema>;
