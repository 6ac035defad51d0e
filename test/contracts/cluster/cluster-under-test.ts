/** A cluster that the contract runs on, spoken to in plain HTTPS: what the adapter relies on is judged without the adapter. */
import { Agent, request } from 'node:https';
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
}

export interface ClusterUnderTest {
  /** Namespace `shop` is handed to proposer and executor; the guard policies and roles of infra/cluster are installed. */
  call(identity: Identity, call: Call): Promise<Answer>;
  stop(): Promise<void>;
}

/** Made in beforeAll, used in tests. */
export type UnderTest = () => ClusterUnderTest;

/** `kubeconfig`: contexts user, reader, proposer and executor with tokens and CA inline. */
export function callsTo(kubeconfig: string): { readonly call: ClusterUnderTest['call']; close(): void } {
  const config = parse(kubeconfig) as {
    clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
    users: { name: string; user: { token: string } }[];
  };
  const { server = '', 'certificate-authority-data': ca = '' } = config.clusters[0]?.cluster ?? {};
  const agent = new Agent({ keepAlive: true, ca: Buffer.from(ca, 'base64') });
  return {
    close: () => agent.destroy(),
    call: (identity, { method = 'GET', path, query = {}, body, contentType }) => {
      const url = new URL(path, server);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const token = config.users.find(({ name }) => name === identity)?.user.token ?? '';
      const type = contentType ?? (method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json');
      const payload = body === undefined ? undefined : JSON.stringify(body);
      return new Promise((resolve, reject) => {
        const headers = {
          accept: 'application/json',
          authorization: `Bearer ${token}`,
          'content-type': type,
          'user-agent': 'contract',
          ...(payload === undefined ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
        };
        const outgoing = request(url, { method, agent, headers }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const isJson = incoming.headers['content-type']?.includes('json') === true;
            resolve({ status: incoming.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
          });
        });
        outgoing.on('error', reject);
        outgoing.end(payload);
      });
    },
  };
}
