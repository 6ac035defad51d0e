/** The pages over the real stores, the real core and real sessions; time stands still until a test moves it. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  type Advance,
  advance,
  type Digest,
  type Person,
  type Plan,
  type PlanChange,
  type Policy,
  policySet,
  type Signer,
} from '@countersign/approvals';
import { accessLog, anomalyStore, budgetStore, locatorStore, outbox, planStore } from '@countersign/aws';
import { createBrowserSignIn, createSessions } from '@countersign/identity';
import type { Hono } from 'hono';
import { createWebApp } from '../create-web-app.ts';
import type { WebConfig, WebPorts } from '../ports.ts';
import { type Database, startDatabase } from './database.ts';
import { GROUP } from './people.ts';
import { creationOf, type PlanDraft } from './plans.ts';

export const ORIGIN = 'http://localhost:8787';
export type WorldOptions = {
  readonly policy?: Policy;
  readonly earlier?: readonly Policy[];
  readonly origin?: string;
  readonly issuer?: string;
};
const SESSION_KEY = new Uint8Array(32).fill(3);

const rule = (change: Partial<Policy['approvals'][number]>): Policy['approvals'][number] => ({
  requesters: ['person', 'agent', 'service', 'planner'],
  tiers: ['low', 'medium', 'high'],
  approvers: { kind: 'group', group: GROUP },
  quorum: 1,
  passkey: false,
  commentOnApprove: false,
  ...change,
});

export const POLICY: Policy = {
  format: 'countersign.policy/v1',
  name: 'shop',
  version: 12,
  namespaces: ['payments', 'shop'],
  replicas: { min: 0, max: 5 },
  deny: ['privileged', 'image-tag'],
  approvals: [rule({ requesters: ['person'], tiers: ['low'], approvers: { kind: 'requester' } }), rule({})],
  bindings: [{ subject: { kind: 'group', group: GROUP }, namespaces: ['payments', 'shop'], operations: ['read'] }],
  operators: [GROUP],
  auditors: ['auditors'],
  requesterRight: 'not-asked',
  executors: [],
  windowSeconds: 3600,
  verifySeconds: 300,
};

export interface World {
  readonly app: Hono;
  readonly ports: WebPorts;
  readonly database: Database;
  readonly policyHash: Digest;
  readonly clock: { now: Date };
  readonly faults: unknown[];
  /** Stores a plan; ids are made from the number. */
  store(draft?: Partial<PlanDraft>): Promise<Plan>;
  /** Takes a stored plan one event further, as the stages do. */
  move(planId: string, by: Omit<Advance, 'now'>, beside?: Partial<PlanChange>): Promise<Plan>;
  cookieOf(person: Person): Promise<string>;
  get(path: string, person?: Person, headers?: Record<string, string>): Promise<Response>;
  post(
    path: string,
    fields: Record<string, string>,
    person?: Person,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** The hidden fields of the decision form as this person's page has them. */
  decisionForm(planId: string, person: Person): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export async function startWorld(change: WorldOptions = {}): Promise<World> {
  const origin = change.origin ?? ORIGIN;
  const database = await startDatabase();
  const clock = { now: new Date('2026-11-21T09:54:30.000Z') };
  // The machine's clock, as in the product, where an issuer's tokens are checked too.
  const sessionClock = change.issuer === undefined ? () => clock.now : () => new Date();
  const random = { token: (bytes: number) => randomBytes(bytes).toString('base64url') };
  const policies = policySet(change.policy ?? POLICY, change.earlier ?? []);
  const { signer, jwk } = voteKey();
  const faults: unknown[] = [];
  const { dynamodb } = database.clients;
  const ports: WebPorts = {
    plans: planStore(dynamodb, database.table),
    outbox: outbox(dynamodb, database.table),
    anomalies: anomalyStore(dynamodb, database.table),
    locators: locatorStore(dynamodb, database.table),
    accessLog: accessLog(dynamodb, database.table, { shards: 1, budgetPerMinute: 1_000, random }),
    budgets: budgetStore(dynamodb, database.table),
    policies,
    keys: { vote: [{ kid: signer.kid, jwk }], grant: [], release: [], checkpoint: [] },
    voteSigner: signer,
    challengeKey: new Uint8Array(32).fill(1),
    antiForgeryKey: new Uint8Array(32).fill(2),
    sessions: createBrowserSignIn({
      origin,
      issuer: {
        issuer: change.issuer ?? 'http://127.0.0.1:1',
        clientId: 'web',
        clientSecret: null,
        scopes: [],
        issuerGroup: 'example',
        personClaim: 'sub',
        groupsClaim: 'groups',
      },
      sessionKeys: [SESSION_KEY],
      relevantGroups: null,
      clock: sessionClock,
      random,
    }),
    clock: () => clock.now,
    random,
    reportFault: ({ error }) => faults.push(error),
  };
  const config: WebConfig = { pagesOrigin: origin, deployment: 'test', cluster: 'prod-eu-1' };
  const app = createWebApp(ports, config);
  const sessions = createSessions({ sessionKeys: [SESSION_KEY], clock: sessionClock });

  const self: World = {
    app,
    ports,
    database,
    policyHash: policies.deployedHash,
    clock,
    faults,
    async store(draft = {}) {
      const made = creationOf({ planId: `pln_${random.token(16)}`, ...draft }, policies.deployedHash, clock.now);
      const committed = await ports.plans.commit(made);
      if (!committed.ok) throw new Error(`not stored: ${committed.conflict}`);
      return made.after;
    },
    async move(planId, by, beside = {}) {
      const plan = await ports.plans.readPlan(planId);
      if (plan === null) throw new Error('no such plan');
      const moved = advance(plan, { ...by, now: clock.now });
      if (!moved.ok) throw new Error(moved.refusal.code);
      const committed = await ports.plans.commit({ ...moved.value, ...beside });
      if (!committed.ok) throw new Error(`not moved: ${committed.conflict}`);
      return moved.value.after;
    },
    cookieOf: async (person) => ((await sessions.issue(person)) ?? '').split(';')[0] ?? '',
    get: async (path, person, headers = {}) =>
      app.request(`${origin}${path}`, {
        headers: { ...(person === undefined ? {} : { cookie: await self.cookieOf(person) }), ...headers },
      }),
    post: async (path, fields, person, headers = {}) =>
      app.request(`${origin}${path}`, {
        method: 'POST',
        headers: {
          origin,
          'content-type': 'application/x-www-form-urlencoded',
          ...(person === undefined ? {} : { cookie: await self.cookieOf(person) }),
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
    async decisionForm(planId, person) {
      const html = await (await self.get(`/plans/${planId}`, person)).text();
      return hiddenFields(html, 'decision');
    },
    stop: () => database.stop(),
  };
  return self;
}

/** The hidden fields of the form whose action ends so. */
export function hiddenFields(html: string, action: string): Record<string, string> {
  const form = html.match(new RegExp(`<form[^>]*action="[^"]*/${action}"[^>]*>.*?</form>`, 's'))?.[0] ?? '';
  return Object.fromEntries(
    [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

function voteKey(): { readonly signer: Signer; readonly jwk: { kty: string; crv: string; x: string; y: string } } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    signer: {
      kid: 'votes-1',
      sign: async (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
    },
    jwk: { kty, crv, x, y },
  };
}
