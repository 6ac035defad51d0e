import { Unavailable } from '@countersign/approvals';
import { handle, type LambdaEvent } from 'hono/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebApp } from './create-web-app.ts';
import { AGENT, OPERATOR } from './testing/people.ts';
import { ORIGIN, startWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const CONFIG = { pagesOrigin: ORIGIN, deployment: 'test', cluster: 'prod-eu-1' };

describe('behind API Gateway', () => {
  const event = (method: string, path: string, cookies: string[], body?: string) => ({
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'localhost:8787', origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded' },
    cookies,
    body: body === undefined ? null : Buffer.from(body).toString('base64'),
    isBase64Encoded: body !== undefined,
    requestContext: {
      domainName: 'localhost:8787',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'x' },
    },
  });
  const call = async (...of: Parameters<typeof event>) =>
    (await handle(world.app)(event(...of) as unknown as LambdaEvent)) as {
      statusCode: number;
      headers: Record<string, string>;
      cookies?: string[];
      body: string;
    };

  it('shows a plan, takes a decision and sets cookies one by one', async () => {
    const { planId } = await world.store({ by: AGENT });
    const cookies = [await world.cookieOf(OPERATOR)];
    const page = await call('GET', `/plans/${planId}`, cookies);
    expect([page.statusCode, page.body.includes('Waiting for your decision')]).toEqual([200, true]);
    const form = { ...(await world.decisionForm(planId, OPERATOR)), decision: 'approve', comment: 'ö' };
    const voted = await call('POST', `/plans/${planId}/decision`, cookies, new URLSearchParams(form).toString());
    expect([voted.statusCode, voted.headers.location]).toEqual([303, `/plans/${planId}`]);
    expect((await call('POST', '/signout', cookies)).cookies).toHaveLength(2);
  });
});

describe('when a part does not answer', () => {
  const broken = (error: Error) => {
    const faults: unknown[] = [];
    const fail = () => Promise.reject(error);
    const plans = { ...world.ports.plans, read: fail, readPlan: fail, list: fail };
    const app = createWebApp({ ...world.ports, plans, reportFault: (fault) => faults.push(fault) }, CONFIG);
    return { app, faults };
  };

  it('says so with 503, reports the fault and shows nothing of it', async () => {
    const { app, faults } = broken(new Unavailable('secret endpoint dynamodb.internal'));
    const headers = { cookie: await world.cookieOf(OPERATOR) };
    for (const path of ['/', '/plans/pln_AAAAAAAAAAAAAAAAAAAAAA', '/audit', '/api/plans']) {
      const answer = await app.request(`${ORIGIN}${path}`, { headers });
      const text = await answer.text();
      expect([path, answer.status, text.includes('secret'), answer.headers.get('x-frame-options')]).toEqual([
        path,
        503,
        false,
        'DENY',
      ]);
    }
    expect(faults).toHaveLength(4);
  });

  it('gives back what was typed', async () => {
    const { planId } = await world.store({ by: AGENT });
    const form = { ...(await world.decisionForm(planId, OPERATOR)), decision: 'deny', comment: 'A long <thought>' };
    for (const [error, status] of [[new Unavailable('x'), 503] as const, [new TypeError('x'), 500] as const]) {
      const answer = await broken(error).app.request(`${ORIGIN}/plans/${planId}/decision`, {
        method: 'POST',
        headers: {
          origin: ORIGIN,
          'content-type': 'application/x-www-form-urlencoded',
          cookie: await world.cookieOf(OPERATOR),
        },
        body: new URLSearchParams(form).toString(),
      });
      expect([answer.status, (await answer.text()).includes('A long &lt;thought&gt;')]).toEqual([status, true]);
    }
  });
});
