import * as z from 'zod';
import { queueUrls, storage } from '../base-environment.ts';

/** functions/sweep: expires and re-sends; it knows no cluster and no key. */
export const environmentSchema = z.object({ ...storage, ...queueUrls });
export type Environment = z.infer<typeof environmentSchema>;
