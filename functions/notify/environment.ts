import * as z from 'zod';
import { cluster, directory, pages, policies, storage } from '../base-environment.ts';

/** functions/notify: writes locators and mail. It knows no cluster beyond the name and can sign nothing. */
export const environmentSchema = z.object({
  ...storage,
  ...policies,
  ...pages,
  ...directory,
  CLUSTER_NAME: cluster.CLUSTER_NAME,
  MAIL_FROM: z.email(),
});
export type Environment = z.infer<typeof environmentSchema>;
