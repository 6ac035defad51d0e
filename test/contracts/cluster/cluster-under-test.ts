/** A cluster that the contract runs on, spoken to in plain HTTPS: what the adapter relies on is judged without the adapter. */
import { Agent, type RequestOptions, request } from 'node:https';
import { parse } from 'yaml';

export type Identity = 'user' | 'reader' | 'proposer' | 'executor';

/** JSON of whatever shape the API answers. */
// biome-ignore lint/suspicious/noExplicitAny: an answer is looked into by expectations, which say what they find.
export type Answered = any;

export interface Answer {
  readonly status: number;
  readonly body: Answered;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Default application/json; of a PATCH, strategic merge. */
  readonly contentType?: string;
  /** Beside those that follow from the rest. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A watch that runs until somebody stops it or the server ends it. */
export interface Following {
  /** Never rejects: a watch ends for many reasons, and whoever follows starts again from a list. */
  readonly ended: Promise<void>;
  stop(): void;
}

export interface ClusterUnderTest {
  /** Namespace `shop` is handed to proposer and executor; the guard policies and roles of infra/cluster are installed. */
  call(identity: Identity, call: Call): Promise<Answer>;
  /** Each event of a watch (`call.query` says from where on), as it comes. */
  follow(identity: Identity, call: Pick<Call, 'path' | 'query'>, onEvent: (event: Answered) => void): Following;
  stop(): Promise<void>;
}

/** Made in beforeAll, used in tests. */
export type UnderTest = () => ClusterUnderTest;

export interface Calls<Name extends string> {
  call(identity: Name, call: Call): Promise<Answer>;
  follow(identity: Name, call: Pick<Call, 'path' | 'query'>, onEvent: (event: Answered) => void): Following;
  close(): void;
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

/** `kubeconfig`: one cluster and users of these names, whose tokens or client certificates lie in it, as does the CA. */
export function callsTo<Name extends string = Identity>(kubeconfig: string): Calls<Name> {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig;
  const { server = '', 'certificate-authority-data': ca = '' } = clusters[0]?.cluster ?? {};
  const decoded = (data: string | undefined) => (data === undefined ? undefined : Buffer.from(data, 'base64'));
  const agents = new Map(
    users.map(({ name, user }) => {
      const [cert, key] = [decoded(user['client-certificate-data']), decoded(user['client-key-data'])];
      const pair = cert === undefined || key === undefined ? {} : { cert, key };
      return [name, { agent: new Agent({ keepAlive: true, ca: decoded(ca), ...pair }), token: user.token }];
    }),
  );
  const outgoing = (identity: Name, { method = 'GET', path, query = {}, headers }: Call, more: object = {}) => {
    const { agent, token } = agents.get(identity) ?? {};
    if (agent === undefined) throw new Error(`the kubeconfig has no user ${identity}`);
    // The server's own path stays in front: some clusters are reached through a proxy.
    const url = new URL(server.replace(/\/$/, '') + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const options: RequestOptions = {
      method,
      agent,
      headers: {
        accept: 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        'user-agent': 'contract',
        ...more,
        ...headers,
      },
    };
    return request(url, options);
  };
  return {
    close: () => {
      for (const { agent } of agents.values()) agent.destroy();
    },
    call: (identity, call) => {
      const patches = call.method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
      const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
      return new Promise((resolve, reject) => {
        const sent = outgoing(identity, call, {
          'content-type': call.contentType ?? patches,
          ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
        });
        sent.on('response', (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const isJson = incoming.headers['content-type']?.includes('json') === true;
            resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
          });
        });
        sent.on('error', reject);
        sent.end(payload);
      });
    },
    follow: (identity, { path, query = {} }, onEvent) => {
      const sent = outgoing(identity, { path, query: { ...query, watch: 'true' } });
      const ended = new Promise<void>((resolve) => {
        sent.on('response', (incoming) => {
          let rest = '';
          incoming.setEncoding('utf8');
          incoming.on('data', (text: string) => {
            const lines = (rest + text).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) onEvent(JSON.parse(line));
          });
          incoming.on('error', () => undefined);
        });
        sent.on('error', () => undefined);
        sent.on('close', resolve);
      });
      sent.end();
      return { ended, stop: () => sent.destroy() };
    },
  };
}
