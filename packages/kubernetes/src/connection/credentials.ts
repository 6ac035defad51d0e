/** What an identity shows the API server: a bearer token, a client certificate, or a token from a credential plugin. */
import { Unavailable } from '@countersign/approvals';
import type { User } from '@kubernetes/client-node/dist/config_types.js';
import { ExecAuth } from '@kubernetes/client-node/dist/exec_auth.js';

export interface Credentials {
  /** PEM pair for TLS; empty where the identity is a token's. */
  readonly tls: { readonly cert?: string; readonly key?: string };
  /** The Authorization header of one request, or none. Throws Unavailable when a plugin gives no token. */
  authorization(): Promise<string | undefined>;
}

/** RFC 6750 section 2.1: b64token. Anything else could end the header and begin another. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

export function credentialsOf(user: User): Credentials {
  if (user.exec) return pluginCredentials(user);
  const tls = user.certData && user.keyData ? { cert: fromBase64(user.certData), key: fromBase64(user.keyData) } : {};
  if (!user.token && tls.cert === undefined)
    throw new Error('kubeconfig: the user has neither a token nor a certificate');
  const header = user.token ? bearer(user.token.trim()) : undefined;
  return { tls, authorization: () => Promise.resolve(header) };
}

/** The client library runs the plugin (no shell) and keeps its token until it expires. */
function pluginCredentials(user: User): Credentials {
  const plugin = new ExecAuth();
  const ask = async (): Promise<string> => {
    const options: { headers?: Record<string, string> } = {};
    try {
      await plugin.applyAuthentication(user, options);
    } catch {
      // The library's error is the plugin's whole standard error: it may hold a credential.
      throw new Unavailable('the credential plugin of the kubeconfig gave no token');
    }
    const header = options.headers?.Authorization;
    if (header === undefined) throw new Unavailable('the credential plugin of the kubeconfig gave no token');
    return bearer(header.replace(/^Bearer /, ''));
  };
  // Requests that come together ask once: a plugin is a process.
  let asking: Promise<string> | undefined;
  return {
    tls: {},
    authorization: () => {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

function bearer(token: string): string {
  if (!TOKEN.test(token)) throw new Error('kubeconfig: the token holds characters that no bearer token has');
  return `Bearer ${token}`;
}

const fromBase64 = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
