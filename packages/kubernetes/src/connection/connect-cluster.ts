/** A connection to one cluster under one identity: HTTPS with the kubeconfig's CA alone, kept alive, always with a deadline. */
import { Agent } from 'node:https';
import type { Digest } from '@countersign/approvals';
import { type GuardManifest, readGuardManifests } from '../guard/guard-manifests.ts';
import {
  CONNECTION_IDLE_MILLISECONDS,
  CONNECTIONS_IDLE_MAX,
  CONNECTIONS_MAX,
  REQUEST_TIMEOUT_MILLISECONDS,
} from '../limits.ts';
import type { ApiRequest, Exchange } from './api-request.ts';
import { credentialsOf } from './credentials.ts';
import { exchange } from './https-exchange.ts';
import { readKubeconfig } from './kubeconfig.ts';

export interface ConnectClusterOptions {
  /** What people call the cluster: part of its identity beside uid and CA, never alone. */
  readonly name: string;
  /** YAML text of a kubeconfig whose certificates lie in it. */
  readonly kubeconfig: string;
  readonly context: string;
  /** YAML text of infra/cluster/guard-policies.yaml: what proposing and executing demand of the cluster. A reader needs none. */
  readonly guardManifests?: string;
  /** Default REQUEST_TIMEOUT_MILLISECONDS. */
  readonly requestTimeoutMs?: number;
}

export interface ClusterConnection {
  readonly name: string;
  readonly caHash: Digest;
  /** Empty where none were given. */
  readonly guards: readonly GuardManifest[];
  /**
   * Sends one request; a repeatable one a second time where a kept connection was closed under it. Never rejects for what the network
   * does; throws Unavailable, before anything is sent, where the identity has no credential.
   */
  send(request: ApiRequest): Promise<Exchange>;
  /** Closes the connections. Requests in flight end as lost. */
  close(): void;
}

/** Throws an Error on a kubeconfig or guard manifests that cannot be used; it names the member, never a value. Connects on the first request. */
export function connectCluster(options: ConnectClusterOptions): ClusterConnection {
  const { server, ca, caHash, serverName, user } = readKubeconfig(options.kubeconfig, options.context);
  const credentials = credentialsOf(user);
  const agent = new Agent({
    keepAlive: true,
    timeout: CONNECTION_IDLE_MILLISECONDS,
    maxSockets: CONNECTIONS_MAX,
    maxFreeSockets: CONNECTIONS_IDLE_MAX,
    ca,
    ...credentials.tls,
    ...(serverName === undefined ? {} : { servername: serverName }),
    // Explicit, or NODE_TLS_REJECT_UNAUTHORIZED in the environment would decide.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
  });
  const timeoutMilliseconds = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MILLISECONDS;
  const once = async (request: ApiRequest): Promise<Exchange> =>
    exchange(request, { server, agent, authorization: await credentials.authorization(), timeoutMilliseconds });
  return {
    name: options.name,
    caHash,
    guards: options.guardManifests === undefined ? [] : readGuardManifests(options.guardManifests),
    send: async (request) => {
      const first = await once(request);
      return request.repeatable && first.kind === 'lost' && first.staleConnection ? once(request) : first;
    },
    close: () => agent.destroy(),
  };
}
