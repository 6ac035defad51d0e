import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLANS_REMEMBERED_MAX } from '../limits.ts';
import { ago } from '../testing/facts.ts';
import { followUpOf, NO_FOLLOW_UP, recordPlan, trackPlan, withFollowUp } from './follow-up.ts';

const planId = (at: number) => `pln_${String(at).padStart(22, '0')}`;

describe('what was done about an anomaly', () => {
  it('is read back as it was written', () => {
    const followUp = {
      ...recordPlan(NO_FOLLOW_UP, planId(1), 'restart', ago(60)),
      askedAt: ago(70),
      answeredAt: ago(65),
      askAgainAt: ago(1),
      missedIn: 'cycle-1',
    };
    expect(followUpOf(withFollowUp({ desired: 2 }, followUp))).toEqual(followUp);
    expect(withFollowUp({ desired: 2 }, followUp)).toMatchObject({ desired: 2 });
  });

  it('counts as absent where the record is garbled, whatever it holds', () => {
    expect(followUpOf({})).toEqual(NO_FOLLOW_UP);
    expect(
      followUpOf({
        followUp: {
          askedAt: '2026-99-99T00:00:00Z',
          answeredAt: 7,
          plans: [null, {}, { planId: 'x', at: ago(1) }, { planId: planId(1), at: 'soon' }],
        },
      }),
    ).toEqual(NO_FOLLOW_UP);
    fc.assert(fc.property(fc.jsonValue(), (followUp) => void followUpOf({ followUp: followUp as never })));
  });

  it('remembers a plan once, by whomever it is recorded', () => {
    const seen = trackPlan(NO_FOLLOW_UP, planId(1), ago(50));
    const recorded = recordPlan(seen, planId(1), 'scale', ago(60));
    expect(recorded.plans).toEqual([{ planId: planId(1), operation: 'scale', at: ago(50), endedAt: null }]);
    expect(recordPlan(recorded, planId(1), 'restart', ago(40))).toBe(recorded);
    expect(trackPlan(recorded, planId(1), ago(30))).toBe(recorded);
  });

  it('notes when a plan is over, once', () => {
    const open = recordPlan(NO_FOLLOW_UP, planId(1), 'restart', ago(60));
    const over = trackPlan(open, null, ago(20));
    expect(over.plans).toMatchObject([{ endedAt: ago(20) }]);
    expect(trackPlan(over, null, ago(10))).toBe(over);
    expect(trackPlan(open, planId(2), ago(20)).plans).toMatchObject([
      { endedAt: ago(20) },
      { planId: planId(2), endedAt: null },
    ]);
  });

  it('forgets the oldest plans rather than grow for ever', () => {
    let followUp = NO_FOLLOW_UP;
    for (let at = 0; at < 40; at += 1) followUp = recordPlan(followUp, planId(at), 'restart', ago(100 - at));
    const kept = followUpOf(withFollowUp({}, followUp)).plans;
    expect(kept).toHaveLength(PLANS_REMEMBERED_MAX);
    expect(kept.at(-1)?.planId).toBe(planId(39));
  });
});
