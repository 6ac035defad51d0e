/** The cluster's own user, as kubectl would act, by the kubeconfig of the ready file. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { parse } from 'yaml';
import type { Ready } from './running-system.ts';

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly contexts: readonly { readonly name: string; readonly context: { readonly user: string } }[];
  readonly users: readonly { readonly name: string; readonly user: { readonly token: string } }[];
}

// biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects as they come
type KubeJson = any;

export interface ClusterUser {
  send(
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ): Promise<{ readonly status: number; readonly body: KubeJson }>;
  deployment(namespace: string, name: string): Promise<KubeJson>;
}

export function clusterAs(ready: Ready, identity: 'user' | 'reader' | 'proposer' | 'executor' = 'user'): ClusterUser {
  const config = parse(readFileSync(ready.kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = config.clusters[0]?.cluster;
  const userName = config.contexts.find((context) => context.name === identity)?.context.user;
  const token = config.users.find((user) => user.name === userName)?.user.token;
  if (cluster === undefined || token === undefined) throw new Error(`no context ${identity}`);
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
  const send: ClusterUser['send'] = (method, path, body, contentType = 'application/json') =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const outgoing = request(
        new URL(path, cluster.server),
        {
          method,
          ca,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) }),
          },
        },
        (incoming) => {
          let answer = '';
          incoming.on('data', (chunk) => (answer += chunk));
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: answer === '' ? null : JSON.parse(answer) }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(text);
    });
  return {
    send,
    deployment: async (namespace, name) =>
      (await send('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)).body,
  };
}
