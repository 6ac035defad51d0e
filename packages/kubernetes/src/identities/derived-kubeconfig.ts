/** A kubeconfig for the identities of a cluster that somebody else's kubeconfig leads to: its address and CA, and nothing of its user. */
import { stringify } from 'yaml';
import { readKubeconfig } from '../connection/kubeconfig.ts';
import type { IdentityName } from './service-accounts.ts';

/** What stands under `user` in a kubeconfig: a token, or a credential plugin. */
export type DerivedUser =
  | { readonly token: string }
  | {
      readonly exec: {
        readonly apiVersion: 'client.authentication.k8s.io/v1';
        readonly interactiveMode: 'Never';
        readonly command: string;
        readonly args: readonly string[];
      };
    };

/** Contexts are named by identity. Throws an Error on a kubeconfig that cannot be used; it names the member, never a value. */
export function derivedKubeconfig(
  kubeconfig: string,
  context: string,
  users: Readonly<Partial<Record<IdentityName, DerivedUser>>>,
): string {
  const { server, ca, serverName } = readKubeconfig(kubeconfig, context);
  const names = Object.keys(users) as IdentityName[];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'cluster',
        cluster: {
          server: server.href,
          'certificate-authority-data': Buffer.from(ca).toString('base64'),
          ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
        },
      },
    ],
    users: names.map((name) => ({ name, user: users[name] })),
    contexts: names.map((name) => ({ name, context: { cluster: 'cluster', user: name } })),
  });
}
