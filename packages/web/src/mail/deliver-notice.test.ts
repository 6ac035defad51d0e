import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT, GROUP, OPERATOR, SECOND, THIRD } from '../testing/people.ts';
import { ORIGIN, startWorld, type World } from '../testing/world.ts';
import { deliverNotice, type NoticePorts } from './deliver-notice.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

type Sent = Parameters<NoticePorts['mail']['send']>[0];

/** The post office of this test: the only part that is not the product's own. */
function office(answer: (message: Sent) => Promise<{ ok: true } | { ok: false; refusal: string }>) {
  const sent: Sent[] = [];
  const ports: NoticePorts = {
    ...world.ports,
    directory: [OPERATOR, SECOND, THIRD].map(({ id, email }) => ({
      email: email ?? '',
      personId: id,
      groups: [GROUP],
    })),
    pagesOrigin: ORIGIN,
    mail: {
      send: (message) => {
        sent.push(message);
        return answer(message);
      },
    },
  };
  return { sent, ports };
}

const linkIn = (message: Sent | undefined): string => message?.text.match(/\/r\/[A-Za-z0-9_-]{32}/)?.[0] ?? '';

describe('a notice', () => {
  it('goes to each who may decide with a link of their own that leads to the plan, and is settled', async () => {
    const { planId } = await world.store({ by: AGENT });
    const outboxId = `notify.decision-needed.${planId}.1`;
    const { sent, ports } = office(async () => ({ ok: true }));
    await deliverNotice({ outboxId }, ports);
    expect(sent.map(({ to }) => to)).toEqual(['operator@example.com', 'third@example.com']);
    expect(new Set(sent.map(linkIn)).size).toBe(2);
    const answer = await world.get(linkIn(sent[0]), OPERATOR);
    expect(answer.headers.get('location')).toBe(`/plans/${planId}`);
    expect(await world.ports.outbox.read(outboxId)).toBeNull();
    await deliverNotice({ outboxId }, ports);
    expect(sent).toHaveLength(2);
  });

  it('stays for the sweeper when the post does not answer, and is given up for an address that is refused', async () => {
    const { planId } = await world.store({ by: AGENT });
    const outboxId = `notify.decision-needed.${planId}.1`;
    const failing = office(() => Promise.reject(new Error('no answer')));
    await expect(deliverNotice({ outboxId }, failing.ports)).rejects.toThrow('no answer');
    expect(await world.ports.outbox.read(outboxId)).not.toBeNull();
    const refusing = office(async ({ to }) =>
      to.startsWith('third') ? { ok: false, refusal: 'rejected' } : { ok: true },
    );
    await deliverNotice({ outboxId }, refusing.ports);
    expect([refusing.sent.length, await world.ports.outbox.read(outboxId)]).toEqual([2, null]);
  });

  it('invites nobody to decide on what is decided already', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.move(planId, { type: 'plan.canceled', actor: AGENT.id });
    const { sent, ports } = office(async () => ({ ok: true }));
    await deliverNotice({ outboxId: `notify.decision-needed.${planId}.1` }, ports);
    expect(sent).toEqual([]);
  });

  it('is not made by a message that names something else', async () => {
    const { sent, ports } = office(async () => ({ ok: true }));
    for (const outboxId of ['', 'notify.decision-needed.pln_x.1', '__proto__', 'grant.x'])
      await deliverNotice({ outboxId }, ports);
    expect(sent).toEqual([]);
  });
});
