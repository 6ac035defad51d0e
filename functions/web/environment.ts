import * as z from 'zod';
import {
  cluster,
  deployment,
  json,
  pages,
  pinnedKeys,
  policies,
  signingKey,
  storage,
  symmetricKey,
} from '../base-environment.ts';

/** functions/web: the people's pages. Seals votes; reaches no cluster and no queue. */
export const environmentSchema = z.object({
  ...deployment,
  ...storage,
  ...policies,
  ...pinnedKeys,
  ...signingKey,
  ...pages,
  CLUSTER_NAME: cluster.CLUSTER_NAME,
  CHALLENGE_KEY: symmetricKey,
  ANTI_FORGERY_KEY: symmetricKey,
  /** The first seals, all open. */
  SESSION_KEYS: json(z.array(symmetricKey).min(1)),
  PEOPLE_ISSUER: json(
    z.strictObject({
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: z.string().nullable(),
      scopes: z.array(z.string()),
      issuerGroup: z.string().min(1),
      personClaim: z.enum(['sub', 'oid', 'uid']),
      groupsClaim: z.string().min(1),
    }),
  ),
});
export type Environment = z.infer<typeof environmentSchema>;
