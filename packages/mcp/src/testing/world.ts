/** The endpoint as it is deployed, for its tests: real tokens of a real issuer, real stores, the core's own stages, a loopback server. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  advance,
  approve,
  type ChainEventType,
  clientPrincipalIdOf,
  grantPlan,
  makeChallenge,
  OPERATION_TYPES,
  type Person,
  type PinnedKey,
  type PinnedKeys,
  type Policy,
  personIdOf,
  policySet,
  proposePlan,
  readReview,
  type Signer,
  type StepRecord,
} from '@countersign/approvals';
import { createTokenVerifier } from '@countersign/identity';
import { createAdaptorServer } from '@hono/node-server';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { McpConfig } from '../config.ts';
import { createMcpApp } from '../create-mcp-app.ts';
import type { McpPorts } from '../ports.ts';
import { testCluster } from './cluster.ts';
import type { Stores } from './store.ts';

export const PAGES = 'https://pages.example';
const OPERATOR = person('operator', ['kubernetes-operators']);

function person(name: string, groups: readonly string[]): Person {
  return {
    id: personIdOf('issuer', name),
    display: name,
    email: `${name}@example.com`,
    groups,
    signedInAt: '2026-11-21T08:00:00.000Z',
    sessionId: `session-of-${name}`,
  };
}

const POLICY: Policy = {
  format: 'countersign.policy/v1',
  name: 'test',
  version: 1,
  namespaces: ['shop', 'other', 'third'],
  replicas: { min: 0, max: 5 },
  deny: [],
  approvals: [
    {
      requesters: ['person'],
      tiers: ['low'],
      approvers: { kind: 'requester' },
      quorum: 1,
      passkey: false,
      commentOnApprove: false,
    },
    {
      requesters: ['person', 'agent', 'service', 'planner'],
      tiers: ['low', 'medium', 'high'],
      approvers: { kind: 'group', group: 'kubernetes-operators' },
      quorum: 1,
      passkey: false,
      commentOnApprove: false,
    },
  ],
  bindings: [
    {
      subject: { kind: 'kind', principalKind: 'agent' },
      namespaces: ['shop'],
      operations: ['read', ...OPERATION_TYPES],
    },
    { subject: { kind: 'kind', principalKind: 'agent' }, namespaces: ['other', 'kube-system'], operations: ['read'] },
    {
      subject: { kind: 'group', group: 'kubernetes-operators' },
      namespaces: ['shop', 'third'],
      operations: ['read', 'scale'],
    },
  ],
  operators: ['kubernetes-operators'],
  auditors: ['auditors'],
  executors: [clientPrincipalIdOf('issuer', 'executor')],
  requesterRight: 'not-asked',
  windowSeconds: 3600,
  verifySeconds: 300,
};

function keyPair(kid: string): { readonly signer: Signer; readonly pinned: PinnedKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    signer: { kid, sign: async (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }) },
    pinned: { kid, jwk: { kty, crv, x, y } },
  };
}
const [VOTES, GRANTS, RELEASES] = [keyPair('votes'), keyPair('grants'), keyPair('releases')];
const PINNED: PinnedKeys = { vote: [VOTES.pinned], grant: [GRANTS.pinned], release: [RELEASES.pinned], checkpoint: [] };

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Client ids of the test issuer that act for themselves; every other token is a person's. */
export type TestClient = 'agent' | 'reader' | 'stranger' | 'executor';

export async function startWorld(stores: Stores, change: Partial<McpConfig> = {}) {
  const signing = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(signing.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const issuerServer = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] }));
  });
  const issuer = `http://127.0.0.1:${await listen(issuerServer)}`;

  const cluster = testCluster();
  const clock = { now: new Date('2026-11-21T09:00:00.000Z') };
  const sleeps: number[] = [];
  const faults: { readonly id: string; readonly where: string; readonly error: unknown }[] = [];
  /** Runs in the place of each sleep; time has moved on by then. */
  const during: { sleep: (count: number) => Promise<void> } = { sleep: async () => {} };
  const policies = policySet(POLICY);
  const random = { token: (bytes: number) => randomBytes(bytes).toString('base64url') };
  const stages = {
    ...stores,
    cluster: cluster.proposal,
    rawEvidence: { put: async () => {}, get: async () => null },
    policies,
    keys: PINNED,
    voteSigner: VOTES.signer,
    grantSigner: GRANTS.signer,
    challengeKey: new Uint8Array(32).fill(7),
    deployment: 'test',
    clock: () => clock.now,
    random,
  };

  // The port is known before the app is made: it is part of the audience.
  const endpoint = createAdaptorServer({ fetch: (request) => app.fetch(request) }) as Server;
  const port = await listen(endpoint);
  const resource = `http://127.0.0.1:${port}/mcp`;
  const clients = {
    agent: { kind: 'agent', display: 'the agent', owner: { claimValue: 'second' } },
    reader: { kind: 'agent', display: 'the reader', owner: { claimValue: 'second' } },
    executor: { kind: 'service', display: 'the executor', owner: { claimValue: 'second' } },
  } as const;
  const ports: McpPorts = {
    ...stores,
    verifier: createTokenVerifier({
      audience: resource,
      issuers: [
        {
          issuer,
          issuerGroup: 'issuer',
          jwksUri: `${issuer}/jwks`,
          personClaim: 'sub',
          algorithms: ['ES256'],
          groupsClaim: 'groups',
          clients,
        },
      ],
      clockSkewSeconds: 5,
      maxTokenAgeSeconds: 300,
      fetch,
      clock: () => new Date(),
    }),
    reads: cluster.reads,
    proposals: {
      async propose({ words, ...request }) {
        const proposal = { ...request, words: { ...words, decidedBy: 'client' as const }, anomaly: null };
        return proposePlan(proposal, stages);
      },
    },
    policies,
    keys: PINNED,
    releaseSigner: RELEASES.signer,
    clock: stages.clock,
    random,
    waiting: {
      async sleep(milliseconds) {
        sleeps.push(milliseconds);
        clock.now = new Date(clock.now.getTime() + milliseconds);
        await during.sleep(sleeps.length);
      },
    },
    faults: (fault) => faults.push(fault),
  };
  const config: McpConfig = {
    resource,
    authorizationServers: [issuer],
    allowedHosts: [`127.0.0.1:${port}`],
    allowedOrigins: ['https://inspector.example'],
    pagesUrl: PAGES,
    deployment: 'test',
    cluster: 'test',
    version: '0.1.0',
    budgets: { callsPerMinute: 100_000, proposalsPerMinute: 100_000 },
    ...change,
  };
  const app = createMcpApp(ports, config);

  const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: issuer,
      aud: resource,
      iat: now,
      exp: now + 300,
      sub: 'agent',
      client_id: 'agent',
      scope: ALL,
      ...claims,
    };
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header })
      .sign(signing.privateKey);
  };
  const open: Client[] = [];
  const connect = async (bearer: string): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(resource), {
      requestInit: { headers: { authorization: `Bearer ${bearer}` } },
    });
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    // Listed once, so that the client holds every answer to the tool's output schema.
    await client.listTools();
    open.push(client);
    return client;
  };

  return {
    cluster,
    clock,
    config,
    during,
    faults,
    issuer,
    origin: `http://127.0.0.1:${port}`,
    port,
    ports,
    resource,
    sleeps,
    stores,
    token,
    /** A connected SDK client with a machine's token. */
    as: async (client: TestClient, scope: string = ALL) =>
      connect(await token({ sub: client, client_id: client, scope })),
    /** The same with a person's own token. */
    asPerson: async (name: string, groups: readonly string[] = [], scope: string = ALL) =>
      connect(await token({ sub: name, client_id: 'cli', groups, scope })),
    /** The decision of a person at the pages, and what the granter makes of it. */
    async decide(planId: string, decision: 'approve' | 'deny' = 'approve', by: Person = OPERATOR) {
      const plan = await stores.plans.readPlan(planId);
      const review = plan === null ? undefined : readReview(plan.review)?.review;
      if (plan === null || review === undefined) throw new Error('no such plan');
      const subject = { planId, reviewDigest: plan.reviewDigest, person: by };
      const challenge = makeChallenge(subject, review.window, clock.now, random.token(16), stages.challengeKey);
      const ballot = {
        planId,
        reviewDigest: plan.reviewDigest,
        decision,
        comment: 'seen',
        challenge,
        idempotencyKey: random.token(16),
      };
      const voted = await approve(ballot, by, stages);
      if (!voted.ok) throw new Error(voted.refusal.code);
      if (decision === 'deny') return;
      const outboxId = `grant.${planId}.${voted.value.plan.version}`;
      const granted = await grantPlan({ outboxId }, stages);
      if (!granted.ok) throw new Error(granted.refusal.code);
    },
    /** What the executor and the verifier would have recorded. */
    async record(planId: string, ...types: readonly Exclude<ChainEventType, 'plan.created'>[]) {
      for (const type of types) {
        const plan = await stores.plans.readPlan(planId);
        if (plan === null) throw new Error('no such plan');
        const set = type === 'execution.started' ? { set: { fence: plan.fence + 1 } } : {};
        const moved = advance(plan, { type, actor: 'system:execute', now: clock.now, ...set });
        if (!moved.ok) throw new Error(moved.refusal.code);
        if (!(await stores.plans.commit(moved.value)).ok) throw new Error('conflict');
      }
    },
    /** What the executor records when a step of several was written. */
    async recordWritten(planId: string, step: number) {
      const plan = await stores.plans.readPlan(planId);
      if (plan === null) throw new Error('no such plan');
      const now = clock.now.toISOString();
      const moved = advance(plan, { type: 'step.written', actor: 'system:execute', now: clock.now, data: { step } });
      if (!moved.ok) throw new Error(moved.refusal.code);
      const written: StepRecord = {
        format: 'countersign.step/v1',
        planId,
        step,
        fence: plan.fence,
        state: 'written',
        startedAt: now,
        settledAt: now,
        resultDigest: null,
        resultResourceVersion: '1',
        asApproved: true,
      };
      if (!(await stores.plans.commit({ ...moved.value, step: written })).ok) throw new Error('conflict');
    },
    async stop() {
      await Promise.all(open.map((client) => client.close()));
      await close(endpoint);
      await close(issuerServer);
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;
export const ALL = 'mcp:read mcp:propose mcp:execute';

/** The structured answer, or the refusal of an isError result. */
export async function call(client: Client, name: string, input: Record<string, unknown> = {}) {
  const result = await client.callTool({ name, arguments: input });
  const texts = (result.content as { readonly text: string }[]).map((part) => part.text);
  return result.isError === true
    ? { error: JSON.parse(texts[0] ?? '{}') as { code: string; message: string; next: string; retryable: boolean } }
    : { answer: result.structuredContent as Record<string, never>, texts };
}
