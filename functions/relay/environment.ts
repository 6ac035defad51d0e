import * as z from 'zod';
import { queueUrls } from '../base-environment.ts';

/** functions/relay: reads the stream, writes to the queues. */
export const environmentSchema = z.object({ ...queueUrls });
export type Environment = z.infer<typeof environmentSchema>;
