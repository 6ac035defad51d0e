import { describe, expect, it } from 'vitest';
import { approve } from './approve.ts';
import { firstBreak } from './chain.ts';
import { makeChallenge } from './challenge.ts';
import { executePlan } from './execute.ts';
import { cancelPlan, revokePlan, sweep } from './exits.ts';
import { PLANNER } from './principal.ts';
import { proposePlan } from './propose.ts';
import { releasePlan } from './release.ts';
import { readReview } from './review.ts';
import { AGENT, OPERATOR, OUTSIDER, OWNER, POLICY, personNamed, world } from './testing/world.ts';

const viewer = { id: OPERATOR.id, groups: OPERATOR.groups };

describe('the path of a plan', () => {
  it("runs an agent's plan once it is approved by an operator and released by the agent", async () => {
    const w = world();
    const plan = await w.released();
    expect(plan.status).toBe('approved');
    const [result] = await w.deliver('execute');
    expect(result).toMatchObject({ ok: true, value: { status: 'applied', fence: 1, lease: null } });
    expect(w.cluster.effects).toEqual([
      { mark: `${plan.planId}/1/${plan.intentDigest}`, target: 'Deployment.apps/shop/web' },
    ]);
    expect(w.store.tables.locks.size).toBe(0);
  });

  it('takes a secret out of the words before anybody is shown them', async () => {
    const w = world();
    const plan = await proposePlan(
      {
        requester: AGENT,
        groups: [],
        changes: [{ kind: 'Deployment', namespace: 'shop', name: 'web', operation: { type: 'scale', replicas: 3 } }],
        words: { title: 'token=c4n4ry0042', reason: 'It logs DB_PASSWORD=c4n4ry0042 and stops.', decidedBy: 'client' },
        anomaly: null,
      },
      w.ports,
    );
    const words = plan.ok ? readReview(plan.value.review)?.review.words : undefined;
    expect(words).toEqual({
      title: 'token=[redacted: named-secret]',
      reason: 'It logs DB_PASSWORD=[redacted: named-secret] and stops.',
      decidedBy: 'client',
    });
    expect(JSON.stringify([...w.store.tables.plans.values()])).not.toContain('c4n4ry');
  });

  it("runs the planner's plan by the grant alone, without a release record", async () => {
    const w = world();
    await w.released(PLANNER);
    expect(w.store.tables.releases.size).toBe(0);
    expect(await w.deliver('execute')).toMatchObject([{ ok: true, value: { status: 'applied' } }]);
  });

  it('keeps a gapless chain that ends at the head on the plan', async () => {
    const w = world();
    const { planId } = await w.released();
    await w.deliver('execute');
    const events = await w.store.plans.chain(planId);
    const head = w.store.tables.plans.get(planId)?.chain;
    expect(events.map((event) => event.type)).toEqual([
      'plan.created',
      'vote.recorded',
      'grant.issued',
      'release.recorded',
      'execution.started',
      'step.started',
      'execution.applied',
    ]);
    expect(head && firstBreak(events, head)).toBeUndefined();
    const shortened = events.slice(0, -1);
    expect(head && firstBreak(shortened, head)).toEqual({ seq: 7 });
  });

  it('does nothing for a message that is repeated, unknown or of another kind', async () => {
    const w = world();
    const { planId } = await w.released();
    await w.deliver('execute');
    for (const outboxId of [`execute.${planId}.4`, 'execute.pln_x.1', 'constructor']) {
      expect(await executePlan({ outboxId }, w.ports)).toEqual({ ok: false, refusal: { code: 'plan.not_found' } });
    }
    expect(w.cluster.effects).toHaveLength(1);
  });
});

describe('who may decide', () => {
  it('refuses the owner of the requesting agent, an outsider, and a second vote of the same person', async () => {
    const w = world();
    const { planId } = await w.propose();
    expect(await w.vote(planId, OWNER)).toEqual({ ok: false, refusal: { code: 'vote.not_eligible', why: 'owner' } });
    expect(await w.vote(planId, OUTSIDER)).toEqual({ ok: false, refusal: { code: 'vote.not_eligible', why: 'group' } });
    expect((await w.vote(planId)).ok).toBe(true);
    expect(await w.vote(planId)).toEqual({ ok: false, refusal: { code: 'vote.already_voted' } });
    expect(w.store.tables.votes.size).toBe(1);
  });

  it('does not take a group whose name only contains the right one', async () => {
    const w = world();
    const { planId } = await w.propose();
    const near = personNamed('near', ['x operators', 'operators2', '/operators']);
    expect(await w.vote(planId, near)).toMatchObject({ ok: false, refusal: { code: 'vote.not_eligible' } });
  });

  it('refuses an agent without a configured owner before anything is read', async () => {
    const w = world();
    await expect(w.propose({ ...AGENT, owner: null })).rejects.toThrow('access.owner_unknown');
  });

  it('waits for the quorum and counts each person once', async () => {
    const two = world({ ...POLICY, approvals: POLICY.approvals.map((rule) => ({ ...rule, quorum: 2 })) });
    const { planId } = await two.propose();
    await two.vote(planId);
    expect(await two.deliver('grant')).toMatchObject([
      { ok: false, refusal: { code: 'votes.quorum_missing', have: 1, need: 2 } },
    ]);
    await two.vote(planId, personNamed('third', ['operators']));
    expect(await two.deliver('grant')).toMatchObject([{ ok: true, value: { status: 'approved' } }]);
  });

  it('lets one deny end the plan for good', async () => {
    const w = world();
    const { planId } = await w.propose();
    expect(await w.vote(planId, OPERATOR, 'deny')).toMatchObject({ ok: true, value: { plan: { status: 'denied' } } });
    expect(await w.vote(planId, personNamed('third', ['operators']))).toMatchObject({
      ok: false,
      refusal: { code: 'plan.not_pending' },
    });
    expect(await releasePlan(planId, AGENT, w.ports)).toMatchObject({ ok: false });
  });

  it('lets exactly one of an approval and a denial at the same moment stand', async () => {
    const w = world();
    const { planId } = await w.propose();
    const results = await Promise.all([w.vote(planId), w.vote(planId, personNamed('third', ['operators']), 'deny')]);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(w.store.tables.votes.size).toBe(1);
  });
});

describe('what would not fit its record', () => {
  it('is refused before anything is stored', async () => {
    for (const enlarge of ['shown', 'raw', 'review'] as const) {
      const w = world();
      const { prepare } = w.cluster;
      w.cluster.prepare = async (input) => {
        const prepared = await prepare(input);
        if (!prepared.ok) return prepared;
        const { evidence, raw } = prepared.value;
        const [diff] = evidence.diff;
        const big = 'x'.repeat(90_000);
        const value = {
          shown: {
            evidence: {
              ...evidence,
              diff: Array.from({ length: 4 }, () => ({ step: 1, changes: diff?.changes ?? [], raw: big })),
            },
          },
          raw: { raw: { ...raw, steps: raw.steps.map((step) => ({ ...step, live: { blob: big.repeat(50) } })) } },
          review: { riskReasons: Array.from({ length: 2_000 }, () => 'y'.repeat(300)) },
        }[enlarge];
        return { ok: true, value: { ...prepared.value, ...value } };
      };
      await expect(w.propose(), enlarge).rejects.toThrow('plan.too_large');
      expect([w.store.tables.plans.size, w.store.tables.raw.size]).toEqual([0, 0]);
    }
  });
});

describe('exits', () => {
  it('cancels for requester, owner and operators, and for nobody else', async () => {
    for (const by of [AGENT, OWNER, OPERATOR]) {
      const w = world();
      const { planId } = await w.propose();
      const groups = 'groups' in by ? by.groups : [];
      expect(await cancelPlan(planId, { id: by.id, groups }, w.ports)).toMatchObject({
        ok: true,
        value: { status: 'canceled' },
      });
    }
    const w = world();
    const { planId } = await w.propose();
    expect(await cancelPlan(planId, { id: OUTSIDER.id, groups: [] }, w.ports)).toEqual({
      ok: false,
      refusal: { code: 'plan.not_found' },
    });
  });

  it('expires a plan at its notAfter and refuses a vote at that very instant', async () => {
    const w = world();
    const { planId, notAfter } = await w.propose();
    w.clock.now = new Date(Date.parse(notAfter) - 1);
    expect((await sweep({ ...w.ports, queue: { send: async () => undefined } })).expired).toBe(0);
    w.clock.advance(0.001);
    expect(await w.vote(planId)).toMatchObject({ ok: false, refusal: { code: 'vote.challenge_expired' } });
    expect((await sweep({ ...w.ports, queue: { send: async () => undefined } })).expired).toBe(1);
    expect(w.store.tables.plans.get(planId)?.status).toBe('expired');
  });

  it('revokes an approved plan, and a revoked plan never runs', async () => {
    const w = world();
    const { planId } = await w.released();
    expect(await revokePlan(planId, viewer, w.ports)).toMatchObject({ ok: true, value: { status: 'revoked' } });
    expect(await w.deliver('execute')).toMatchObject([{ ok: false, refusal: { code: 'plan.revoked' } }]);
    expect(w.cluster.effects).toEqual([]);
  });

  it('obeys a revocation that comes between the claim and the write', async () => {
    const w = world();
    const { planId } = await w.released();
    const guards = w.cluster.guards;
    w.cluster.guards = async () => {
      await revokePlan(planId, viewer, w.ports);
      return guards();
    };
    await w.deliver('execute');
    expect(w.cluster.effects).toEqual([]);
    expect(w.store.tables.plans.get(planId)?.status).toBe('revoked');
    expect(w.store.tables.locks.size).toBe(0);
  });
});

describe('the same form sent again', () => {
  it('makes one vote and answers equal to an equal form, and refuses another content under the same key', async () => {
    const w = world();
    const plan = await w.propose();
    const window = { notBefore: plan.createdAt, notAfter: plan.notAfter };
    const subject = { planId: plan.planId, reviewDigest: plan.reviewDigest, person: OPERATOR };
    const challenge = makeChallenge(subject, window, w.clock.now, w.ports.random.token(16), w.ports.challengeKey);
    const ballot = {
      planId: plan.planId,
      reviewDigest: plan.reviewDigest,
      decision: 'approve',
      comment: 'ok',
      challenge,
      idempotencyKey: 'k1',
    } as const;
    const both = await Promise.all([approve(ballot, OPERATOR, w.ports), approve(ballot, OPERATOR, w.ports)]);
    expect(both.every((result) => result.ok)).toBe(true);
    expect(w.store.tables.votes.size).toBe(1);
    expect(await approve({ ...ballot, comment: 'other' }, OPERATOR, w.ports)).toEqual({
      ok: false,
      refusal: { code: 'vote.idempotency_conflict' },
    });
  });
});
