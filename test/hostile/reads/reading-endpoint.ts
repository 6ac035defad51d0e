/** The endpoint with the real adapter behind it and a cluster behind that, every request to the cluster counted. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policySet } from '@countersign/approvals';
import { anomalyStore, budgetStore, createAwsClients, createTables, outbox, planStore } from '@countersign/aws';
import { createTokenVerifier } from '@countersign/identity';
import { type ClusterConnection, clusterReads, connectCluster } from '@countersign/kubernetes';
import { createMcpApp } from '@countersign/mcp';
import { type NewObject, type Sandbox, startSandbox } from '@countersign/sandbox';
import { parseAllDocuments } from 'yaml';
import { startStoreEndpoint } from '../../contracts/store/dynoxide.ts';

const RESOURCE = 'https://agents.example/mcp';
const ISSUER = 'https://issuer.example';
const file = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const objectsOf = (path: string): NewObject[] =>
  parseAllDocuments(file(path)).map((document) => document.toJS() as NewObject);

export interface ListedTool {
  readonly name: string;
  readonly annotations: { readonly readOnlyHint: boolean };
  readonly inputSchema: {
    readonly properties: Readonly<
      Record<string, { readonly type?: string; readonly enum?: readonly string[]; readonly maximum?: number }>
    >;
    readonly required?: readonly string[];
  };
}

export interface Answered {
  readonly status: number;
  /** The whole response. */
  readonly text: string;
  /** Of a refusal, wherever it stands. */
  readonly code: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the tool promised
  readonly answer: any;
}

export interface ReadingEndpoint {
  /** The adapter's own connection, for what the API itself answers. */
  readonly reader: ClusterConnection;
  /** Paths of the requests to the API server since they were last cleared. */
  readonly sent: string[];
  tools(): Promise<readonly ListedTool[]>;
  call(name: string, input: unknown): Promise<Answered>;
  stop(): Promise<void>;
}

/** A sandbox with our manifests in it, in this process. */
export async function startCluster(): Promise<{ readonly sandbox: Sandbox; stop(): Promise<void> }> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'reads-'));
  const sandbox = await startSandbox({
    dataDirectory,
    manifests: ['guard-policies.yaml', 'rbac.yaml'].flatMap((name) => objectsOf(`infra/cluster/${name}`)),
  });
  await sandbox.settled();
  return {
    sandbox,
    stop: async () => {
      await sandbox.stop();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

/** `kubeconfig`: with a context `reader`. `answered`: told of each answer of the API server, while it is held. */
export async function startReadingEndpoint(
  kubeconfig: string,
  answered: () => void = () => {},
): Promise<ReadingEndpoint> {
  const connection = connectCluster({ name: 'sandbox', kubeconfig, context: 'reader' });
  const reader: ClusterConnection = {
    ...connection,
    send: async (request) => {
      const answer = await connection.send(request);
      answered();
      return answer;
    },
  };
  const sent: string[] = [];
  const counted: ClusterConnection = {
    ...reader,
    send: (request) => {
      sent.push(`${request.method} /${request.path.join('/')}`);
      return reader.send(request);
    },
  };
  const database = await startStoreEndpoint();
  const clients = createAwsClients({
    region: 'eu-central-1',
    dynamodbEndpoint: database.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const table = `reads-${randomBytes(6).toString('hex')}`;
  await createTables(clients.tables, { main: table, people: `${table}-people` });
  const random = { token: (bytes: number) => randomBytes(bytes).toString('base64url') };
  const policies = policySet(JSON.parse(file('packages/local/policies/deployed.json')));
  const { token, verifier } = issuer();
  const faults: unknown[] = [];
  const app = createMcpApp(
    {
      verifier,
      reads: clusterReads(counted, { namespaces: policies.deployed.namespaces, clock: () => new Date() }),
      proposals: {
        propose: async () => {
          throw new Error('a read proposes nothing');
        },
      },
      plans: planStore(clients.dynamodb, table),
      outbox: outbox(clients.dynamodb, table),
      anomalies: anomalyStore(clients.dynamodb, table),
      budgets: budgetStore(clients.dynamodb, table),
      // Thousands of calls, and none of their entries is looked at here.
      accessLog: { record: async () => {} },
      policies,
      keys: { vote: [], grant: [], release: [], checkpoint: [] },
      releaseSigner: {
        kid: 'none',
        sign: async () => {
          throw new Error('a read releases nothing');
        },
      },
      clock: () => new Date(),
      random,
      waiting: { sleep: async () => {} },
      faults: (fault) => faults.push(fault),
    },
    {
      resource: RESOURCE,
      authorizationServers: [ISSUER],
      allowedHosts: [new URL(RESOURCE).host],
      allowedOrigins: [],
      pagesUrl: 'https://pages.example',
      deployment: 'test',
      cluster: 'sandbox',
      version: '0.0.0',
      budgets: { callsPerMinute: 1_000_000, proposalsPerMinute: 0 },
    },
  );
  const rpc = async (method: string, params: unknown): Promise<{ readonly status: number; readonly text: string }> => {
    const response = await app.fetch(
      new Request(RESOURCE, {
        method: 'POST',
        headers: {
          host: new URL(RESOURCE).host,
          authorization: `Bearer ${token()}`,
          accept: 'application/json, text/event-stream',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      }),
    );
    return { status: response.status, text: await response.text() };
  };
  return {
    reader,
    sent,
    tools: async () => JSON.parse((await rpc('tools/list', {})).text).result.tools,
    call: async (name, input) => {
      const { status, text } = await rpc('tools/call', { name, arguments: input });
      if (faults.length > 0) throw new Error(`a fault inside: ${String(Object(faults[0]).error)}`);
      const message = JSON.parse(text);
      const refused =
        message.result?.isError === true ? JSON.parse(message.result.content[0].text) : message.error?.data;
      return { status, text, code: refused?.code ?? message.code, answer: message.result?.structuredContent };
    },
    stop: async () => {
      reader.close();
      clients.close();
      await database.stop();
    },
  };
}

/** An issuer of ES256 access tokens (RFC 9068) and the verifier that trusts it. */
function issuer() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' };
  const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return {
    token: () => {
      const now = Math.floor(Date.now() / 1_000);
      const claims = {
        iss: ISSUER,
        aud: RESOURCE,
        iat: now,
        exp: now + 120,
        sub: 'agent',
        client_id: 'agent',
        scope: 'mcp:read',
      };
      const body = `${encoded({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })}.${encoded(claims)}`;
      return `${body}.${sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    },
    verifier: createTokenVerifier({
      audience: RESOURCE,
      issuers: [
        {
          issuer: ISSUER,
          issuerGroup: 'test',
          jwksUri: `${ISSUER}/jwks`,
          personClaim: 'sub',
          algorithms: ['ES256'],
          groupsClaim: 'groups',
          clients: { agent: { kind: 'agent', display: 'the agent', owner: { claimValue: 'second' } } },
        },
      ],
      clockSkewSeconds: 5,
      maxTokenAgeSeconds: 300,
      fetch: async () => Response.json({ keys: [jwk] }),
      clock: () => new Date(),
    }),
  };
}
