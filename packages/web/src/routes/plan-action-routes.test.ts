import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT, asRequester, OPERATOR, OUTSIDER, personNamed, SECOND } from '../testing/people.ts';
import { hiddenFields, startWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const form = async (planId: string, action: string, person = OPERATOR) =>
  hiddenFields(await (await world.get(`/plans/${planId}`, person)).text(), action);
const statusOf = async (planId: string) => (await world.ports.plans.readPlan(planId))?.status;

describe('cancel', () => {
  it.each([
    ['the owner', SECOND],
    ['an operator', OPERATOR],
  ])('belongs to %s', async (_who, person) => {
    const { planId } = await world.store({ by: AGENT });
    const answer = await world.post(`/plans/${planId}/cancel`, await form(planId, 'cancel', person), person);
    expect([answer.status, await statusOf(planId)]).toEqual([303, 'canceled']);
  });

  it('belongs to the requesting person, and not to an auditor or an outsider', async () => {
    const own = await world.store({ by: asRequester(OUTSIDER) });
    const auditor = personNamed('auditor', ['auditors']);
    expect(await form(own.planId, 'cancel', auditor)).toEqual({});
    expect(
      (await world.post(`/plans/${own.planId}/cancel`, await form(own.planId, 'look-again', auditor), auditor)).status,
    ).toBe(400);
    expect(
      (await world.post(`/plans/${own.planId}/cancel`, await form(own.planId, 'cancel', OUTSIDER), OUTSIDER)).status,
    ).toBe(303);
    const { planId } = await world.store({ by: AGENT });
    expect((await world.post(`/plans/${planId}/cancel`, await form(planId, 'cancel'), OUTSIDER)).status).toBe(404);
    expect(await statusOf(planId)).toBe('pending');
  });

  it('is refused from another site, without its token, and with the token of another form', async () => {
    const { planId } = await world.store({ by: AGENT });
    const right = await form(planId, 'cancel');
    const path = `/plans/${planId}/cancel`;
    expect((await world.post(path, right, OPERATOR, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await world.post(path, {}, OPERATOR)).status).toBe(400);
    expect((await world.post(path, await form(planId, 'look-again'), OPERATOR)).status).toBe(400);
    expect((await world.post(path, right)).status).toBe(401);
    expect(await statusOf(planId)).toBe('pending');
  });

  it('of a plan that is over changes nothing and says so', async () => {
    const { planId } = await world.store({ by: AGENT });
    const right = await form(planId, 'cancel');
    await world.move(planId, { type: 'plan.expired', actor: 'system:sweep' });
    const answer = await world.post(`/plans/${planId}/cancel`, right, OPERATOR);
    expect([answer.status, await statusOf(planId)]).toEqual([410, 'expired']);
  });
});

describe('revoke', () => {
  it('of an executing plan is recorded without a change of status, for the next gate to obey', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.move(planId, { type: 'grant.issued', actor: 'system:grant' });
    await world.move(planId, { type: 'execution.started', actor: 'system:execute' });
    const answer = await world.post(`/plans/${planId}/revoke`, await form(planId, 'revoke'), OPERATOR);
    expect([answer.status, await statusOf(planId)]).toEqual([303, 'executing']);
    expect(await (await world.get(`/plans/${planId}`, OPERATOR)).text()).toContain('Revoked by');
  });
});

describe('an outcome that the cluster cannot tell', () => {
  async function inDoubt(): Promise<string> {
    const { planId } = await world.store({ by: AGENT });
    await world.move(planId, { type: 'grant.issued', actor: 'system:grant' });
    await world.move(planId, { type: 'execution.started', actor: 'system:execute' });
    await world.move(planId, { type: 'execution.unknown', actor: 'system:execute', set: { lease: null } });
    return planId;
  }

  it('is settled by an operator on its page', async () => {
    const planId = await inDoubt();
    expect(await (await world.get(`/plans/${planId}`, OPERATOR)).text()).toContain('Did the write happen?');
    const right = await form(planId, 'settle-not-written');
    const answer = await world.post(`/plans/${planId}/settle-not-written`, right, OPERATOR);
    expect([answer.status, await statusOf(planId)]).toEqual([303, 'failed']);
    expect(await (await world.get(`/plans/${planId}`, OPERATOR)).text()).not.toContain('Did the write happen?');
  });

  it('is not shown to, nor settled by, the owner of the requesting client, an auditor, or a form for the other answer', async () => {
    const planId = await inDoubt();
    const right = await form(planId, 'settle-written');
    const auditor = personNamed('auditor', ['auditors']);
    for (const person of [SECOND, auditor]) {
      expect(await form(planId, 'settle-written', person)).toEqual({});
      expect((await world.post(`/plans/${planId}/settle-written`, right, person)).status).toBe(400);
    }
    expect((await world.post(`/plans/${planId}/settle-not-written`, right, OPERATOR)).status).toBe(400);
    expect(
      (await world.post(`/plans/${planId}/settle-written`, right, OPERATOR, { origin: 'https://evil.example' })).status,
    ).toBe(403);
    expect(await statusOf(planId)).toBe('unknown');
  });
});

describe('look again', () => {
  it('asks the observer by an outbox record, once however often it is pressed', async () => {
    const { planId } = await world.store({ by: AGENT });
    for (const _press of [1, 2]) {
      expect((await world.post(`/plans/${planId}/look-again`, await form(planId, 'look-again'), OPERATOR)).status).toBe(
        303,
      );
    }
    const asked = (await world.ports.outbox.due('2027-01-01T00:00:00.000Z', 100)).filter(
      (record) => record.kind === 'freshness',
    );
    expect(asked.map((record) => record.pointer)).toEqual([{ type: 'plan', planId }]);
    expect(await statusOf(planId)).toBe('pending');
  });
});
