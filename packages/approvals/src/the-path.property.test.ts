import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveApproval } from './approval.ts';
import { firstBreak } from './chain.ts';
import { cancelPlan, markStale, revokePlan, sweep } from './exits.ts';
import { openGrant } from './grant.ts';
import { openPlan } from './open-plan.ts';
import { PLAN_STATUSES, type PlanStatus } from './plan-status.ts';
import { PLANNER } from './principal.ts';
import { openRelease, releasePlan } from './release.ts';
import { AGENT, OPERATOR, OUTSIDER, OWNER, PINNED, personNamed, type World, world } from './testing/world.ts';
import { advance, isOpen, TRANSITIONS } from './transitions.ts';

const PEOPLE = [OPERATOR, OWNER, OUTSIDER, personNamed('third', ['operators'])] as const;
const RELEASERS = [
  AGENT,
  PLANNER,
  { kind: 'person', id: OWNER.id, display: 'owner', owner: null },
  { kind: 'person', id: OUTSIDER.id, display: 'x', owner: null },
] as const;
const viewers = PEOPLE.map(({ id, groups }) => ({ id, groups }));

const person = fc.nat(PEOPLE.length - 1);
const action = fc.oneof(
  fc.record({
    type: fc.constant('vote' as const),
    who: person,
    decision: fc.constantFrom('approve' as const, 'approve' as const, 'deny' as const),
  }),
  fc.record({ type: fc.constant('grant' as const) }),
  fc.record({ type: fc.constant('release' as const), who: fc.nat(RELEASERS.length - 1) }),
  fc.record({ type: fc.constant('execute' as const) }),
  fc.record({ type: fc.constantFrom('cancel' as const, 'revoke' as const), who: person }),
  fc.record({ type: fc.constant('stale' as const) }),
  fc.record({ type: fc.constant('wait' as const), seconds: fc.constantFrom(1, 60, 1_000, 3_600) }),
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

/** The whole way, from which some steps are left out and into which others are mixed: random order alone hardly ever arrives. */
const way: readonly Action[] = [
  { type: 'vote', who: 0, decision: 'approve' },
  { type: 'grant' },
  { type: 'release', who: 0 },
  { type: 'execute' },
];
const noise = fc.array(action, { maxLength: 2 });
const history = fc
  .tuple(noise, ...way.map((step) => fc.tuple(fc.constantFrom([step], [step], [step], []), noise)))
  .map(([first, ...rest]) => [...first, ...rest.flatMap(([step, then]) => [...step, ...then])]);

async function act(w: World, planId: string, step: Action): Promise<void> {
  switch (step.type) {
    case 'vote':
      await w.vote(planId, PEOPLE[step.who], step.decision);
      return;
    case 'grant':
    case 'execute':
      await w.deliver(step.type);
      return;
    case 'release':
      await releasePlan(planId, RELEASERS[step.who] ?? AGENT, w.ports);
      return;
    case 'cancel':
      await cancelPlan(planId, viewers[step.who] ?? { id: '', groups: [] }, w.ports);
      return;
    case 'revoke':
      await revokePlan(planId, viewers[step.who] ?? { id: '', groups: [] }, w.ports);
      return;
    case 'stale':
      await markStale(planId, ['/spec'], w.ports);
      return;
    case 'wait':
      w.clock.advance(step.seconds);
      await sweep({ ...w.ports, queue: { send: async () => undefined } });
      return;
  }
}

const CLAIMED: readonly PlanStatus[] = [
  'executing',
  'applied',
  'unknown',
  'verified',
  'unverified',
  'partially_applied',
  'failed',
];

describe('every history of a plan', () => {
  it('reaches execution only with a valid grant, a valid release and an eligible approver, and writes only then', async () => {
    let executed = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(AGENT, PLANNER), history, async (by, actions) => {
        const w = world();
        const { planId } = await w.propose(by);
        for (const step of actions) await act(w, planId, step);

        const records = await w.store.plans.read(planId);
        if (records === null) throw new Error('lost');
        const { plan } = records;
        const claimed = plan.fence > 0 || CLAIMED.includes(plan.status);
        expect(w.cluster.effects.length).toBeLessThanOrEqual(claimed ? 1 : 0);
        if (claimed) {
          executed += 1;
          const opened = openPlan(records);
          if (!opened.ok || records.grant === null) throw new Error('claimed without a grant');
          expect(await openGrant(records.grant, PINNED)).toMatchObject({
            jti: planId,
            reviewDigest: plan.reviewDigest,
          });
          const approval = await deriveApproval(records.votes, {
            ...w.ports,
            review: opened.value.review,
            reviewDigest: plan.reviewDigest,
          });
          expect(approval.ok).toBe(true);
          if (by.kind !== 'planner') {
            const release = records.release && (await openRelease(records.release, PINNED));
            expect([AGENT.id, OWNER.id]).toContain(release?.principal.id);
          }
        }
        expect(firstBreak(await w.store.plans.chain(planId), plan.chain)).toBeUndefined();
        if (!isOpen(plan.status)) expect(w.store.tables.locks.size).toBe(0);
      }),
      { numRuns: 1_000 },
    );
    // The property is empty unless some histories get that far.
    expect(executed).toBeGreaterThan(50);
  });
});

describe('the transition table', () => {
  /** Written down once more, from the design and not from the code. */
  const DESIGN: Readonly<Record<string, readonly string[]>> = {
    pending: ['approved', 'denied', 'canceled', 'expired', 'superseded', 'stale'],
    approved: ['executing', 'canceled', 'revoked', 'expired', 'stale', 'blocked'],
    executing: [
      'executing',
      'applied',
      'failed',
      'partially_applied',
      'unknown',
      'stale',
      'blocked',
      'revoked',
      'expired',
    ],
    unknown: ['executing', 'applied', 'failed', 'partially_applied'],
    applied: ['verified', 'unverified'],
  };

  it('allows exactly what the design says', () => {
    for (const from of PLAN_STATUSES) {
      const reached = new Set<string>();
      for (const row of Object.values(TRANSITIONS)) {
        if (row.from.includes(from) && row.to !== 'same') reached.add(row.to);
      }
      expect([...reached].sort(), from).toEqual([...(DESIGN[from] ?? [])].sort());
    }
  });

  it('refuses everything else, and after a written step every ending but partially applied, applied and unknown', async () => {
    const w = world();
    const plan = await w.propose();
    for (const [type, row] of Object.entries(TRANSITIONS)) {
      for (const status of PLAN_STATUSES) {
        const by = { type: type as keyof typeof TRANSITIONS, actor: 'x', now: w.clock.now };
        const result = advance({ ...plan, status }, by);
        expect(result.ok, `${type} from ${status}`).toBe(row.from.includes(status));
        const late = advance({ ...plan, status }, { ...by, stepsWritten: 1 });
        if (row.onlyUnwritten && (status === 'executing' || status === 'unknown')) expect(late.ok).toBe(false);
      }
    }
  });
});
