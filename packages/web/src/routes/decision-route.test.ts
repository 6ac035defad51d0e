import { makeChallenge, openVote } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formToken } from '../forms/form-token.ts';
import { POSTS_MAX } from '../limits.ts';
import { AGENT, asRequester, OPERATOR, OUTSIDER, personNamed, SECOND, THIRD } from '../testing/people.ts';
import { EVIDENCE } from '../testing/plans.ts';
import { ORIGIN, POLICY, startWorld, type World } from '../testing/world.ts';

/*
 * Not here, since there is none: a stored challenge that could be reused (it is stateless), and access codes (the mail's link is a pointer,
 * and who decides is signed in).
 */
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const approval = { decision: 'approve', comment: 'Looks right.' };
const statusOf = async (planId: string): Promise<string | undefined> =>
  (await world.ports.plans.readPlan(planId))?.status;
const votesOn = async (planId: string) => (await world.ports.plans.read(planId))?.votes ?? [];

async function pending(by = AGENT) {
  const { planId } = await world.store({ by });
  return { planId, form: await world.decisionForm(planId, OPERATOR), path: `/plans/${planId}/decision` };
}

/** Nothing was stored: not the vote, not a spent challenge, not an event. */
async function expectNoVote(planId: string): Promise<void> {
  expect(await votesOn(planId)).toEqual([]);
  expect((await world.ports.plans.readPlan(planId))?.version).toBe(1);
}

describe('a decision', () => {
  it('is sealed over what was typed and goes back to the plan (post, redirect, get)', async () => {
    const { planId, form, path } = await pending();
    const answer = await world.post(path, { ...form, ...approval, comment: 'Two\r\nlines' }, OPERATOR);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/plans/${planId}`]);
    const [record] = await votesOn(planId);
    const vote = record && (await openVote(record, world.ports.keys));
    expect(vote).toMatchObject({
      decision: 'approve',
      person: OPERATOR.id,
      comment: 'Two\nlines',
      iss: 'test',
      planId,
    });
    const page = await (await world.get(`/plans/${planId}`, OPERATOR)).text();
    expect(page).toContain('the grant is being signed');
    expect(page).not.toContain('name="challenge"');
  });

  it('denies at once, with who, when and why on the page', async () => {
    const { planId, form, path } = await pending();
    expect((await world.post(path, { ...form, decision: 'deny', comment: 'Not today.' }, OPERATOR)).status).toBe(303);
    expect(await statusOf(planId)).toBe('denied');
    const page = await (await world.get(`/plans/${planId}`, THIRD)).text();
    expect(page).toContain('Not today.');
    expect(page).toContain('operator@example.com');
  });

  it('sent twice (double click, back button, retry) makes one vote and one answer', async () => {
    const { planId, form, path } = await pending();
    const sent = { ...form, ...approval };
    const answers = await Promise.all([world.post(path, sent, OPERATOR), world.post(path, sent, OPERATOR)]);
    expect(answers.map((answer) => answer.status)).toEqual([303, 303]);
    expect((await world.post(path, sent, OPERATOR)).status).toBe(303);
    expect(await votesOn(planId)).toHaveLength(1);
  });

  it('with the same key and another content is refused', async () => {
    const { planId, form, path } = await pending();
    await world.post(path, { ...form, ...approval }, OPERATOR);
    const answer = await world.post(path, { ...form, decision: 'deny', comment: 'No.' }, OPERATOR);
    expect([answer.status, await statusOf(planId)]).toEqual([409, 'pending']);
    expect(await answer.text()).toContain('vote.idempotency_conflict');
  });
});

describe('a form that is not our own', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['an opaque origin', { origin: 'null' }],
    ['the same host on another port', { origin: 'http://localhost:8788' }],
    ['another scheme', { origin: 'https://localhost:8787' }],
    ['a cross-site fetch', { 'sec-fetch-site': 'cross-site' }],
    ['a same-site sibling', { 'sec-fetch-site': 'same-site' }],
  ])('is refused from %s (cross-site request forgery)', async (_what, headers) => {
    const { planId, form, path } = await pending();
    const answer = await world.post(path, { ...form, ...approval }, OPERATOR, headers);
    expect([answer.status, (await answer.text()).includes('vote.form_not_trusted')]).toEqual([403, true]);
    await expectNoVote(planId);
  });

  it('is refused without an Origin header', async () => {
    const { planId, form, path } = await pending();
    const answer = await world.app.request(`${ORIGIN}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: await world.cookieOf(OPERATOR) },
      body: new URLSearchParams({ ...form, ...approval }).toString(),
    });
    expect(answer.status).toBe(403);
    await expectNoVote(planId);
  });

  it.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])(
    'is refused as %j',
    async (type) => {
      const { planId, form, path } = await pending();
      const answer = await world.post(path, { ...form, ...approval }, OPERATOR, { 'content-type': type });
      expect(answer.status).toBe(400);
      await expectNoVote(planId);
    },
  );

  it('is refused without its anti-forgery token, and with that of another person, plan or action', async () => {
    const { planId, form, path } = await pending();
    const other = await world.store({ by: AGENT });
    const page = await (await world.get(`/plans/${planId}`, OPERATOR)).text();
    const tokens = [
      '',
      'x'.repeat(43),
      (await world.decisionForm(planId, THIRD)).antiForgery ?? '',
      (await world.decisionForm(planId, { ...OPERATOR, sessionId: 'another-session-000000' })).antiForgery ?? '',
      (await world.decisionForm(other.planId, OPERATOR)).antiForgery ?? '',
      page.match(/look-again"[^>]*>\s*<input type="hidden" name="antiForgery" value="([^"]+)"/)?.[1] ?? '',
    ];
    expect(new Set(tokens).size).toBe(6);
    for (const antiForgery of tokens) {
      const answer = await world.post(path, { ...form, ...approval, antiForgery }, OPERATOR);
      expect([answer.status, (await answer.text()).includes('vote.form_not_trusted')]).toEqual([400, true]);
    }
    await expectNoVote(planId);
  });

  it('is refused with a field twice or a field that it does not have', async () => {
    const { planId, form, path } = await pending();
    const cookie = await world.cookieOf(OPERATOR);
    const body = new URLSearchParams({ ...form, ...approval });
    for (const extra of ['decision=deny', 'person=x']) {
      const answer = await world.app.request(`${ORIGIN}${path}`, {
        method: 'POST',
        headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', cookie },
        body: `${body}&${extra}`,
      });
      expect(answer.status).toBe(400);
    }
    await expectNoVote(planId);
  });

  it('is refused when it is huge, before and without being read whole', async () => {
    const { planId, form, path } = await pending();
    expect((await world.post(path, { ...form, ...approval, comment: 'x'.repeat(1_000_000) }, OPERATOR)).status).toBe(
      413,
    );
    expect((await world.post(path, { ...form, ...approval, comment: 'x'.repeat(50_000) }, OPERATOR)).status).toBe(413);
    await expectNoVote(planId);
  });
});

describe('a challenge', () => {
  it('of another sign-in of the same person is refused', async () => {
    const { planId, form, path } = await pending();
    const elsewhere = { ...OPERATOR, sessionId: 'another-session-000000' };
    const { challenge = '' } = await world.decisionForm(planId, elsewhere);
    const answer = await world.post(path, { ...form, ...approval, challenge }, OPERATOR);
    expect([answer.status, (await answer.text()).includes('vote.challenge_invalid')]).toEqual([403, true]);
    await expectNoVote(planId);
  });

  it('is refused when it is changed, missing, or of another plan', async () => {
    const { planId, form, path } = await pending();
    const other = await world.store({ by: AGENT });
    const { challenge: foreign = '' } = await world.decisionForm(other.planId, OPERATOR);
    for (const challenge of ['', 'a.b', '....', `${form.challenge}x`, foreign, '\u0000', 'é'.repeat(50)]) {
      const answer = await world.post(path, { ...form, ...approval, challenge }, OPERATOR);
      expect([challenge, answer.status]).toEqual([challenge, 403]);
    }
    await expectNoVote(planId);
  });

  it('expires after fifteen minutes; the page comes back with a new one and with what was typed', async () => {
    const { planId, form, path } = await pending();
    const before = world.clock.now;
    world.clock.now = new Date(before.getTime() + 15 * 60_000 + 1000);
    const answer = await world.post(path, { ...form, ...approval, comment: 'Long thoughts <b>' }, OPERATOR);
    const page = await answer.text();
    world.clock.now = before;
    expect([answer.status, page.includes('vote.challenge_expired')]).toEqual([409, true]);
    expect(page).toMatch(/<textarea[^>]*>Long thoughts &lt;b&gt;<\/textarea>/);
    expect(page).toContain('name="challenge"');
    await expectNoVote(planId);
  });

  it('is not burnt by a bad attempt: the same page decides afterwards', async () => {
    const { planId, form, path } = await pending();
    expect((await world.post(path, { ...form, decision: 'deny', comment: '  ' }, OPERATOR)).status).toBe(422);
    expect((await world.post(path, { ...form, ...approval }, OPERATOR)).status).toBe(303);
    expect(await votesOn(planId)).toHaveLength(1);
  });
});

describe('a digest', () => {
  it('that is not the stored one is refused, even with a token made for it', async () => {
    const { planId, path } = await pending();
    const reviewDigest = `sha256:${'0'.repeat(64)}`;
    const window = { notBefore: world.clock.now.toISOString(), notAfter: '2027-01-01T00:00:00.000Z' };
    const stale = {
      reviewDigest,
      idempotencyKey: 'k'.repeat(22),
      antiForgery: formToken(
        { action: 'decision', planId, reviewDigest, person: OPERATOR },
        world.ports.antiForgeryKey,
      ),
      challenge: makeChallenge(
        { planId, reviewDigest, person: OPERATOR },
        window,
        world.clock.now,
        'n'.repeat(22),
        world.ports.challengeKey,
      ),
    };
    const answer = await world.post(path, { ...stale, ...approval }, OPERATOR);
    expect([answer.status, (await answer.text()).includes('vote.digest_changed')]).toEqual([409, true]);
    await expectNoVote(planId);
  });
});

describe('who decides', () => {
  it('is not the owner of the requesting agent, nor the requester itself', async () => {
    const { planId, form, path } = await pending();
    expect(await world.decisionForm(planId, SECOND)).toEqual({});
    expect((await world.post(path, { ...form, ...approval }, SECOND)).status).toBe(400);
    const own = await world.store({ by: asRequester(OPERATOR) });
    const page = await (await world.get(`/plans/${own.planId}`, OPERATOR)).text();
    expect(page).toContain('You requested this plan; somebody else must decide.');
    expect(page).not.toContain('>Approve<');
    await expectNoVote(planId);
  });

  it('is nobody from outside: the plan does not exist for them, whatever they send', async () => {
    const { planId, form, path } = await pending();
    const reviewDigest = form.reviewDigest ?? '';
    const antiForgery = formToken(
      { action: 'decision', planId, reviewDigest, person: OUTSIDER },
      world.ports.antiForgeryKey,
    );
    const answer = await world.post(path, { ...form, ...approval, antiForgery }, OUTSIDER);
    expect(answer.status).toBe(404);
    await expectNoVote(planId);
  });

  it('is not a member of a group with a similar name', async () => {
    const near = personNamed('near', ['kubernetes-operators-eu', 'Kubernetes-Operators']);
    const { planId } = await pending();
    expect((await world.get(`/plans/${planId}`, near)).status).toBe(404);
  });

  it('keeps what a signed-out person typed, and stores nothing', async () => {
    const { planId, form, path } = await pending();
    const answer = await world.post(path, { ...form, ...approval, comment: 'My <i>words</i>' });
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('My &lt;i&gt;words&lt;/i&gt;');
    await expectNoVote(planId);
  });
});

describe('a plan that is over', () => {
  it('answers 409 or 410 with who and when, and changes nothing', async () => {
    const { planId, form, path } = await pending();
    await world.post(path, { ...(await world.decisionForm(planId, THIRD)), decision: 'deny', comment: 'No.' }, THIRD);
    const version = (await world.ports.plans.readPlan(planId))?.version;
    const denied = await world.post(path, { ...form, ...approval }, OPERATOR);
    const page = await denied.text();
    expect([denied.status, page.includes('third@example.com'), page.includes('role="status"')]).toEqual([
      409,
      true,
      true,
    ]);
    expect((await world.ports.plans.readPlan(planId))?.version).toBe(version);

    const canceled = await pending();
    await world.move(canceled.planId, { type: 'plan.canceled', actor: AGENT.id });
    expect((await world.post(canceled.path, { ...canceled.form, ...approval }, OPERATOR)).status).toBe(410);
  });

  it('is over at the very instant of its deadline, by the deadline and not by deletion', async () => {
    const { planId } = await world.store({
      by: AGENT,
      review: { window: { notBefore: '2026-11-21T09:54:30.000Z', notAfter: '2026-11-21T09:55:30.000Z' } },
    });
    const form = await world.decisionForm(planId, OPERATOR);
    const before = world.clock.now;
    world.clock.now = new Date('2026-11-21T09:55:30.000Z');
    const answer = await world.post(`/plans/${planId}/decision`, { ...form, ...approval }, OPERATOR);
    world.clock.now = before;
    expect([409, 410]).toContain(answer.status);
    await expectNoVote(planId);
  });
});

describe('a change that must not simply be waved through', () => {
  it('has no working Approve when a stored finding denies it, nor does the server take one', async () => {
    const findings = [
      ...EVIDENCE.findings.slice(1),
      { severity: 'deny' as const, code: 'privileged', step: 1, message: 'Container web runs privileged' },
    ];
    const { planId } = await world.store({ by: AGENT, evidence: { findings } });
    const page = await (await world.get(`/plans/${planId}`, OPERATOR)).text();
    expect(page).toMatch(/<button class="approve"[^>]* disabled/);
    const answer = await world.post(
      `/plans/${planId}/decision`,
      { ...(await world.decisionForm(planId, OPERATOR)), ...approval },
      OPERATOR,
    );
    expect([answer.status, (await answer.text()).includes('policy.denied')]).toEqual([403, true]);
    await expectNoVote(planId);
  });

  it('asks for the name of the object at high risk, to approve and not to deny', async () => {
    const high = async () => (await world.store({ by: AGENT, review: { riskTier: 'high' } })).planId;
    const planId = await high();
    const path = `/plans/${planId}/decision`;
    const form = await world.decisionForm(planId, OPERATOR);
    const refused = await world.post(path, { ...form, ...approval, confirmTarget: 'shop/we' }, OPERATOR);
    expect([refused.status, (await refused.text()).includes('Looks right.')]).toEqual([400, true]);
    await expectNoVote(planId);
    expect((await world.post(path, { ...form, ...approval, confirmTarget: 'shop/web' }, OPERATOR)).status).toBe(303);
    const other = await high();
    const denial = { ...(await world.decisionForm(other, OPERATOR)), decision: 'deny', comment: 'No.' };
    expect((await world.post(`/plans/${other}/decision`, denial, OPERATOR)).status).toBe(303);
  });

  it('needs a decision that is one of the two', async () => {
    const { planId, form, path } = await pending();
    for (const decision of ['', 'APPROVE', 'approve ', 'yes']) {
      expect((await world.post(path, { ...form, ...approval, decision }, OPERATOR)).status).toBe(400);
    }
    await expectNoVote(planId);
  });
});

describe('many posts', () => {
  it('of one person are limited, without touching anybody else', async () => {
    const busy = personNamed('busy', ['kubernetes-operators']);
    const { planId } = await world.store({ by: AGENT });
    const form = { ...(await world.decisionForm(planId, busy)), decision: 'deny', comment: '' };
    const statuses: number[] = [];
    for (let sent = 0; sent <= POSTS_MAX; sent += 1)
      statuses.push((await world.post(`/plans/${planId}/decision`, form, busy)).status);
    expect(statuses.slice(0, -1).every((status) => status === 422)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
    const other = { ...(await world.decisionForm(planId, OPERATOR)), decision: 'deny', comment: '' };
    expect((await world.post(`/plans/${planId}/decision`, other, OPERATOR)).status).toBe(422);
  });
});

describe('a quorum of two', () => {
  it('counts persons, shows how far it is, and lets nobody vote twice', async () => {
    const two = await startWorld({
      policy: { ...POLICY, approvals: POLICY.approvals.map((rule) => ({ ...rule, quorum: 2 })) },
    });
    const { planId } = await two.store({ by: AGENT });
    const first = await two.decisionForm(planId, OPERATOR);
    expect((await two.post(`/plans/${planId}/decision`, { ...first, ...approval }, OPERATOR)).status).toBe(303);
    const again = { ...first, ...approval, idempotencyKey: 'z'.repeat(22) };
    expect((await two.post(`/plans/${planId}/decision`, again, OPERATOR)).status).toBe(409);
    const page = await (await two.get(`/plans/${planId}`, THIRD)).text();
    expect(page).toContain('1 of 2');
    expect(page).toContain('operator@example.com');
    const second = { ...(await two.decisionForm(planId, THIRD)), ...approval };
    expect((await two.post(`/plans/${planId}/decision`, second, THIRD)).status).toBe(303);
    expect(await (await two.get(`/plans/${planId}`, THIRD)).text()).toContain('2 of 2');
    await two.stop();
  });
});
