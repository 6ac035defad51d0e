/** A whole deployment in memory: keys, policy, people, store, cluster and clock, with the stages as they are composed in functions/. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { approve } from '../approve.ts';
import { makeChallenge } from '../challenge.ts';
import { executePlan } from '../execute.ts';
import { grantPlan } from '../grant.ts';
import type { Plan } from '../plan.ts';
import { type Policy, policySet } from '../policy.ts';
import { clientPrincipalIdOf, type Person, personIdOf, type Requester } from '../principal.ts';
import { proposePlan } from '../propose.ts';
import type { Refusal } from '../refusal.ts';
import { releasePlan } from '../release.ts';
import type { Result } from '../result.ts';
import { readReview } from '../review.ts';
import type { PinnedKey, PinnedKeys, Signer } from '../seal.ts';
import { memoryCluster, memoryRules, type PlannedStep } from './memory-cluster.ts';
import { memoryStore } from './memory-store.ts';

export function keyPair(kid: string): { readonly signer: Signer; readonly pinned: PinnedKey } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return {
    signer: { kid, sign: async (bytes) => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }) },
    pinned: { kid, jwk: { kty, crv, x, y } },
  };
}

export const POLICY: Policy = {
  format: 'countersign.policy/v1',
  name: 'test',
  version: 1,
  namespaces: ['shop'],
  replicas: { min: 0, max: 5 },
  deny: ['privileged'],
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
      approvers: { kind: 'group', group: 'operators' },
      quorum: 1,
      passkey: false,
      commentOnApprove: false,
    },
  ],
  bindings: [
    {
      subject: { kind: 'kind', principalKind: 'agent' },
      namespaces: ['shop'],
      operations: ['read', 'restart', 'scale', 'set-image'],
    },
  ],
  operators: ['operators'],
  auditors: [],
  requesterRight: 'not-asked',
  executors: [],
  windowSeconds: 3600,
  verifySeconds: 300,
};

export const personNamed = (name: string, groups: readonly string[]): Person => ({
  id: personIdOf('issuer', name),
  display: name,
  email: `${name}@example.com`,
  groups,
  signedInAt: '2026-11-21T08:00:00.000Z',
  sessionId: `session-of-${name}`,
});

export const OPERATOR = personNamed('operator', ['operators']);
export const OWNER = personNamed('owner', ['operators']);
export const OUTSIDER = personNamed('outsider', []);
export const AGENT: Requester = {
  kind: 'agent',
  id: clientPrincipalIdOf('issuer', 'agent'),
  display: 'agent',
  owner: OWNER.id,
};

const keys = { vote: keyPair('votes-1'), grant: keyPair('grants-1'), release: keyPair('releases-1') };
export const PINNED: PinnedKeys = {
  vote: [keys.vote.pinned],
  grant: [keys.grant.pinned],
  release: [keys.release.pinned],
  checkpoint: [],
};
export const SIGNERS = { vote: keys.vote.signer, grant: keys.grant.signer, release: keys.release.signer };

export interface World {
  readonly store: ReturnType<typeof memoryStore>;
  readonly cluster: ReturnType<typeof memoryCluster>;
  readonly clock: { now: Date; advance(seconds: number): void };
  readonly ports: Parameters<typeof executePlan>[1] &
    Parameters<typeof grantPlan>[1] &
    Parameters<typeof approve>[2] &
    Parameters<typeof releasePlan>[2] &
    Parameters<typeof proposePlan>[1];
  propose(by?: Requester, anomaly?: string | null): Promise<Plan>;
  vote(
    planId: string,
    person?: Person,
    decision?: 'approve' | 'deny',
  ): Promise<Result<{ readonly plan: Plan; readonly repeated: boolean }, Refusal>>;
  /** Delivers every outbox record of that kind once, as a queue would. */
  deliver(kind: 'grant' | 'execute'): Promise<Result<Plan, Refusal>[]>;
  /** Proposed, approved, granted and (for a client's plan) released. */
  released(by?: Requester): Promise<Plan>;
}

/** `steps`: what a plan does, one object each, the first of which is always `web`; a number: so many scales. */
export function world(
  policy: Policy = POLICY,
  deployment = 'test',
  steps: number | readonly PlannedStep['does'][] = 1,
): World {
  const store = memoryStore();
  const cluster = memoryCluster();
  const does = typeof steps === 'number' ? Array<'scale'>(steps).fill('scale') : steps;
  cluster.planned = does.map((one, at) => ({ name: ['web', 'api', 'cart'][at] ?? `more-${at}`, does: one }));
  for (const { name } of cluster.planned.filter((one) => one.does !== 'create')) {
    const object = { uid: `uid-${name}`, resourceVersion: 7, generation: 3, annotations: {}, replicas: 1 };
    cluster.objects.set(`Deployment.apps/shop/${name}`, object);
  }
  const clock = {
    now: new Date('2026-11-21T09:00:00.000Z'),
    advance(seconds: number) {
      clock.now = new Date(clock.now.getTime() + seconds * 1000);
    },
  };
  const ports = {
    ...store,
    cluster,
    rules: memoryRules,
    policies: policySet(policy),
    keys: PINNED,
    voteSigner: SIGNERS.vote,
    grantSigner: SIGNERS.grant,
    releaseSigner: SIGNERS.release,
    challengeKey: new Uint8Array(32).fill(7),
    deployment,
    clock: () => clock.now,
    random: { token: (bytes: number) => randomBytes(bytes).toString('base64url') },
    holder: 'executor-1',
  };
  const self: World = {
    store,
    cluster,
    clock,
    ports,
    async propose(by = AGENT, anomaly = null) {
      const plan = await proposePlan(
        {
          requester: by,
          groups: [],
          changes: [{ kind: 'Deployment', namespace: 'shop', name: 'web', operation: { type: 'scale', replicas: 3 } }],
          words: { title: 'Scale web', reason: 'Two pods are too few.', decidedBy: 'client' },
          anomaly,
        },
        ports,
      );
      if (!plan.ok) throw new Error(plan.refusal.code);
      return plan.value;
    },
    async vote(planId, person = OPERATOR, decision = 'approve') {
      const plan = store.tables.plans.get(planId);
      const review = plan && readReview(plan.review)?.review;
      if (plan === undefined || review === undefined) throw new Error('no plan');
      const subject = { planId, reviewDigest: plan.reviewDigest, person };
      const challenge = makeChallenge(subject, review.window, clock.now, ports.random.token(16), ports.challengeKey);
      const ballot = {
        planId,
        reviewDigest: plan.reviewDigest,
        decision,
        comment: 'seen',
        challenge,
        idempotencyKey: ports.random.token(16),
      };
      return approve(ballot, person, ports);
    },
    async deliver(kind) {
      const records = [...store.tables.outbox.values()].filter((record) => record.kind === kind);
      const results: Result<Plan, Refusal>[] = [];
      for (const { outboxId } of records) {
        results.push(kind === 'grant' ? await grantPlan({ outboxId }, ports) : await executePlan({ outboxId }, ports));
      }
      return results;
    },
    async released(by = AGENT) {
      const { planId } = await self.propose(by);
      const voted = await self.vote(planId);
      if (!voted.ok) throw new Error(voted.refusal.code);
      const [granted] = await self.deliver('grant');
      if (granted?.ok !== true) throw new Error(granted?.refusal.code ?? 'no grant order');
      if (by.kind !== 'planner') {
        const released = await releasePlan(planId, by, ports);
        if (!released.ok) throw new Error(released.refusal.code);
      }
      const plan = store.tables.plans.get(planId);
      if (plan === undefined) throw new Error('lost');
      return plan;
    },
  };
  return self;
}
