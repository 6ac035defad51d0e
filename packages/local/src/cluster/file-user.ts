/** The user of the file that --kubeconfig names. It asks for tokens of our service accounts, and is used for nothing else. */
import { readFileSync } from 'node:fs';
import { connectCluster, type IdentityName, requestToken } from '@countersign/kubernetes';
import { TOKEN_SECONDS } from './limits.ts';

export interface ClusterFile {
  /** Absolute. */
  readonly file: string;
  readonly context: string;
}

/** What TokenRequest answered. Throws an Error where the file cannot be used, Unavailable where the cluster gives no verdict. */
export async function tokenOf({ file, context }: ClusterFile, identity: IdentityName): ReturnType<typeof requestToken> {
  const connection = connectCluster({ name: 'file', kubeconfig: readFileSync(file, 'utf8'), context });
  try {
    return await requestToken(connection, identity, TOKEN_SECONDS);
  } finally {
    connection.close();
  }
}
