import {
  type Anomaly,
  type Intent,
  intentBytes,
  type Plan,
  type PlanStatus,
  type Refusal,
  type Result,
  Unavailable,
} from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { OBSERVER_LIMITS } from './limits.ts';
import { followUpOf, NO_FOLLOW_UP, recordPlan, withFollowUp } from './observe/follow-up.ts';
import { observeCycle } from './observe.ts';
import type { NamespaceFacts } from './ports.ts';
import { type ProposeForAnomalyPorts, proposeForAnomaly } from './propose-for-anomaly.ts';
import { anomalyIn } from './testing/anomaly.ts';
import { anomalyTable, outboxTable } from './testing/anomaly-table.ts';
import {
  ago,
  CLUSTER,
  crashLoop,
  HOUR,
  missingImage,
  NAMESPACE,
  NOW,
  namespaceFacts,
  OLD_IMAGE,
  revision,
  service,
} from './testing/facts.ts';
import { POLICIES } from './testing/policy.ts';

type Request = Parameters<ProposeForAnomalyPorts['propose']>[0];
const PLAN = 'pln_0000000000000000000001';
const DIGEST = `sha256:${'0'.repeat(64)}` as const;

function world(input: {
  readonly anomaly: Anomaly | null;
  readonly facts?: NamespaceFacts | null;
  readonly answer?: Result<{ readonly planId: string }, Refusal>;
  readonly plans?: Readonly<Record<string, Plan>>;
}) {
  const anomalies = anomalyTable(input.anomaly === null ? [] : [input.anomaly]);
  const requests: Request[] = [];
  const { facts = missingImage(), answer = { ok: true, value: { planId: PLAN } } } = input;
  const ports: ProposeForAnomalyPorts = {
    cluster: {
      name: () => CLUSTER,
      facts: async () => {
        if (facts === null) throw new Unavailable('no answer');
        return facts;
      },
    },
    anomalies,
    policies: POLICIES,
    plans: { readPlan: async (planId) => input.plans?.[planId] ?? null },
    propose: async (request) => {
      requests.push(request);
      if (answer.ok) anomalies.setPlan(request.anomaly, answer.value.planId);
      return answer;
    },
    clock: () => new Date(NOW),
  };
  const stored = () => anomalies.all()[0];
  return { ports, requests, stored, anomalies };
}

/** Crashes since a change of a minute ago. */
const CHANGED = crashLoop({
  lastRolloutAt: ago(60),
  revisions: [revision({ revision: 2, current: true, wasHealthy: false }), revision()],
});
const broken = anomalyIn(missingImage());
const withPlans = (anomaly: Anomaly, ...at: readonly string[]): Anomaly => ({
  ...anomaly,
  facts: withFollowUp(
    anomaly.facts,
    at.reduce(
      (followUp, when, n) => recordPlan(followUp, `pln_${String(n).padStart(22, '0')}`, 'set-image', when),
      NO_FOLLOW_UP,
    ),
  ),
});

describe('a pointer to an anomaly', () => {
  it('leads to one proposal for its Deployment, remembered on the anomaly', async () => {
    const { ports, requests, stored } = world({ anomaly: broken });
    expect(await proposeForAnomaly(broken.key, ports)).toEqual({ outcome: 'proposed', planId: PLAN });
    expect(requests).toMatchObject([
      {
        anomaly: broken.key,
        change: {
          kind: 'Deployment',
          namespace: NAMESPACE,
          name: 'web',
          operation: { type: 'set-image', container: 'web', image: OLD_IMAGE },
        },
        words: { title: `Set web back to ${OLD_IMAGE}`, decidedBy: 'rules' },
      },
    ]);
    expect(stored()).toMatchObject({ planId: PLAN, note: null });
    expect(followUpOf(stored()?.facts ?? {}).plans).toEqual([
      { planId: PLAN, operation: 'set-image', at: NOW, endedAt: null },
    ]);
  });

  it('that comes twice leads to no second proposal', async () => {
    const { ports, requests } = world({ anomaly: broken });
    await proposeForAnomaly(broken.key, ports);
    expect(await proposeForAnomaly(broken.key, ports)).toEqual({ outcome: 'ignored', why: 'open-plan' });
    expect(requests).toHaveLength(1);
  });

  it('that comes twice at once relies on the core, whose second commit is refused', async () => {
    const answer = { ok: false, refusal: { code: 'plan.open_exists' } } as const;
    const { ports, stored } = world({ anomaly: broken, answer });
    expect(await proposeForAnomaly(broken.key, ports)).toEqual({ outcome: 'ignored', why: 'open-plan' });
    expect(stored()).toEqual(broken);
  });

  it.each([
    '',
    'ano_',
    `ano_${'0'.repeat(31)}`,
    `${broken.key}\n`,
    `ANO_${'0'.repeat(32)}`,
    '../plans',
    `ano_${'g'.repeat(32)}`,
  ])('of no key of ours never reaches the table: %j', async (key) => {
    const { ports } = world({ anomaly: broken });
    const anomalies = { get: () => Promise.reject(new Error('read')), put: () => Promise.reject(new Error('written')) };
    expect(await proposeForAnomaly(key, { ...ports, anomalies })).toEqual({ outcome: 'ignored', why: 'malformed-key' });
  });

  it.each([
    ['that is not stored', null, 'unknown'],
    ['of another cluster', { ...broken, cluster: 'other' }, 'foreign-cluster'],
    ['that is resolved', { ...broken, status: 'resolved' }, 'resolved'],
    ['that has an open plan', { ...broken, planId: PLAN }, 'open-plan'],
    ['whose last plan is not over for long', withPlans(broken, NOW), 'cooling-down'],
    [
      'that had three plans within a day',
      withPlans({ ...broken, firstSeenAt: NOW }, ago(20 * HOUR), ago(10 * HOUR), ago(5 * HOUR)),
      'cooling-down',
    ],
  ] as const)('to one %s asks no cluster and proposes nothing', async (_, anomaly, why) => {
    const { ports, requests } = world({ anomaly, facts: null });
    expect(await proposeForAnomaly(broken.key, ports)).toEqual({ outcome: 'ignored', why });
    expect(requests).toEqual([]);
  });

  it('to one that is stored under a key that is not its own proposes nothing', async () => {
    const { ports } = world({ anomaly: broken });
    const other = `ano_${'0'.repeat(32)}`;
    expect(
      await proposeForAnomaly(other, { ...ports, anomalies: { ...ports.anomalies, get: async () => broken } }),
    ).toEqual({ outcome: 'ignored', why: 'unknown' });
  });

  it('to one that is gone proposes nothing, says nothing, and counts as answered', async () => {
    const { ports, requests, stored } = world({ anomaly: broken, facts: namespaceFacts() });
    expect(await proposeForAnomaly(broken.key, ports)).toEqual({ outcome: 'ignored', why: 'gone' });
    expect(requests).toEqual([]);
    expect(stored()).toMatchObject({ note: null, status: 'active' });
    expect(followUpOf(stored()?.facts ?? {}).answeredAt).toBe(NOW);
  });
});

describe('an answer that is no plan', () => {
  it('is a note on the anomaly, and the observer does not ask again for it at once', async () => {
    const facts = CHANGED;
    const anomaly = anomalyIn(facts);
    const { ports, anomalies, stored } = world({ anomaly, facts });
    expect(await proposeForAnomaly(anomaly.key, ports)).toMatchObject({ outcome: 'declined' });
    expect(stored()?.note).toMatch(/since a change of 1 minute ago/);
    const asked = async (seconds: number) => {
      const clock = () => new Date(Date.parse(NOW) + seconds * 1000);
      const outbox = outboxTable();
      return (
        await observeCycle(
          { cluster: ports.cluster, anomalies, outbox, clock, limits: OBSERVER_LIMITS },
          [NAMESPACE],
          `cycle-${seconds}`,
        )
      ).asked;
    };
    expect(await asked(599)).toEqual([]);
    expect(stored()?.note).toMatch(/since a change of 1 minute ago/);
    expect(await asked(600)).toEqual([anomaly.key]);
  });

  it('for a Service says what to look at and is not asked for again', async () => {
    const facts = namespaceFacts({ services: [service({ readyEndpoints: 0, selector: { app: 'wep' } })] });
    const anomaly = anomalyIn(facts, 'ServiceNoEndpoints');
    const { ports, stored } = world({ anomaly, facts });
    expect(await proposeForAnomaly(anomaly.key, ports)).toMatchObject({ outcome: 'declined' });
    expect(stored()?.note).toContain('app=wep');
    expect(followUpOf(stored()?.facts ?? {})).toMatchObject({ answeredAt: NOW, askAgainAt: null });
  });

  it('is given for a refused plan, with the public sentence and its code', async () => {
    const refusal = {
      code: 'policy.denied',
      findings: [{ severity: 'deny', code: 'image-tag', step: 1, message: 'no tag' }],
    } as const;
    const { ports, stored } = world({ anomaly: broken, answer: { ok: false, refusal } });
    expect(await proposeForAnomaly(broken.key, ports)).toMatchObject({ outcome: 'declined' });
    expect(stored()?.note).toMatch(/policy\.denied.*image-tag/);
  });

  it('is none while something does not answer: the message stays', async () => {
    const retryable = world({ anomaly: broken, answer: { ok: false, refusal: { code: 'cluster.unreachable' } } });
    expect(await proposeForAnomaly(broken.key, retryable.ports)).toEqual({
      outcome: 'retry',
      refusal: { code: 'cluster.unreachable' },
    });
    expect(retryable.stored()).toEqual(broken);
    await expect(proposeForAnomaly(broken.key, world({ anomaly: broken, facts: null }).ports)).rejects.toBeInstanceOf(
      Unavailable,
    );
    await expect(
      proposeForAnomaly(broken.key, world({ anomaly: broken, facts: { ...missingImage(), namespace: 'other' } }).ports),
    ).rejects.toBeInstanceOf(Unavailable);
  });

  it("is never dated before its ask, though the observer's clock be ahead", async () => {
    const ahead = ago(-2);
    const facts = CHANGED;
    const anomaly = anomalyIn(facts);
    const asked = { ...anomaly, facts: withFollowUp(anomaly.facts, { ...NO_FOLLOW_UP, askedAt: ahead }) };
    const { ports, stored } = world({ anomaly: asked, facts });
    await proposeForAnomaly(anomaly.key, ports);
    expect(followUpOf(stored()?.facts ?? {}).answeredAt).toBe(ahead);
  });
});

describe('a change that a person denied', () => {
  const denied = (status: PlanStatus, image: string): Plan => {
    const intent: Intent = {
      format: 'countersign.intent/v1',
      cluster: { name: CLUSTER, uid: 'uid-kube-system', ca: DIGEST },
      steps: [{ target: broken.target, operation: { type: 'set-image', container: 'web', image } }],
    };
    return {
      format: 'countersign.plan/v1',
      planId: PLAN,
      status,
      version: 2,
      createdAt: NOW,
      updatedAt: NOW,
      intent: intentBytes(intent),
      intentDigest: DIGEST,
      review: '',
      reviewDigest: DIGEST,
      notAfter: NOW,
      requesterId: 'planner',
      ownerId: null,
      anomaly: broken.key,
      chain: { seq: 2, hash: DIGEST },
      grantedVersion: null,
      fence: 0,
      lease: null,
      revocation: null,
      reason: null,
    };
  };
  const tried = (hours: number): Anomaly => {
    const at = ago(hours * HOUR);
    return {
      ...broken,
      facts: withFollowUp(broken.facts, { ...recordPlan(NO_FOLLOW_UP, PLAN, 'set-image', at), askedAt: NOW }),
    };
  };

  it('is not put before people again within a day', async () => {
    const { ports, requests, stored } = world({ anomaly: tried(2), plans: { [PLAN]: denied('denied', OLD_IMAGE) } });
    expect(await proposeForAnomaly(broken.key, ports)).toMatchObject({ outcome: 'declined' });
    expect(requests).toEqual([]);
    expect(stored()?.note).toContain(PLAN);
  });

  it.each([
    ['another change', tried(2), denied('denied', 'web:0')],
    ['a plan that only expired', tried(2), denied('expired', OLD_IMAGE)],
    ['a day ago', tried(24), denied('denied', OLD_IMAGE)],
    ['a plan that cannot be read', tried(2), { ...denied('denied', OLD_IMAGE), intent: '{}' }],
  ])('does not stand in the way of this one: %s', async (_, anomaly, plan) => {
    const { ports } = world({ anomaly, plans: { [PLAN]: plan } });
    expect(await proposeForAnomaly(broken.key, ports)).toMatchObject({ outcome: 'proposed' });
  });
});
