import * as z from 'zod';
import {
  cluster,
  deployment,
  issuers,
  json,
  pages,
  pinnedKeys,
  policies,
  signingKey,
  storage,
} from '../base-environment.ts';

/** functions/mcp: the agents' door. Reads the cluster as reader, seals releases, asks functions/propose for everything else. */
export const environmentSchema = z.object({
  ...deployment,
  ...storage,
  ...policies,
  ...pinnedKeys,
  ...signingKey,
  ...cluster,
  ...issuers,
  ...pages,
  /** Canonical URI of the resource: `https://host/mcp`. */
  RESOURCE: z.url(),
  ALLOWED_HOSTS: json(z.array(z.string()).min(1)),
  ALLOWED_ORIGINS: json(z.array(z.string())),
  PROPOSE_FUNCTION: z.string().min(1),
  VERSION: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
