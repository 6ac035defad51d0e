import * as z from 'zod';
import { deployment, pinnedKeys, policies, signingKey, storage } from '../base-environment.ts';

/** functions/grant: reads votes, signs grants. The only role with the grant key. */
export const environmentSchema = z.object({ ...deployment, ...storage, ...policies, ...pinnedKeys, ...signingKey });
export type Environment = z.infer<typeof environmentSchema>;
