/** What somebody asks for, before it is an intent: no uid, no timestamp yet. */
import * as z from 'zod';
import { NAMESPACE_PATTERN, OBJECT_NAME_PATTERN } from './intent.ts';

export const changeRequest = z.strictObject({
  kind: z.string().regex(/^[A-Z][A-Za-z0-9]{0,62}$/),
  namespace: z.string().regex(NAMESPACE_PATTERN),
  name: z.string().regex(OBJECT_NAME_PATTERN),
  operation: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('restart') }),
    z.strictObject({ type: z.literal('scale'), replicas: z.number().int().min(0).max(1_000) }),
    z.strictObject({
      type: z.literal('set-image'),
      container: z.string().regex(NAMESPACE_PATTERN),
      image: z.string().min(1).max(512),
    }),
  ]),
});
export type ChangeRequest = z.infer<typeof changeRequest>;
