import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringAt } from '../json/record.ts';
import { apiClient } from '../testing/api-client.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

const accounts = '/api/v1/namespaces/countersign-system/serviceaccounts';
const proposer = `${accounts}/countersign-proposer`;
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const request = (expirationSeconds?: number) => ({
  apiVersion: 'authentication.k8s.io/v1',
  kind: 'TokenRequest',
  spec: { ...(expirationSeconds === undefined ? {} : { expirationSeconds }) },
});

async function tokenFrom(cluster: TestSandbox, seconds?: number): Promise<string> {
  const { status, body } = await cluster.as('user').send('POST', `${proposer}/token`, request(seconds));
  expect(status).toBe(201);
  return stringAt(body, 'status', 'token') ?? '';
}
const get = async ({ sandbox }: TestSandbox, token: string, path = deployments) =>
  (await apiClient(sandbox.url, sandbox.caCertificatePem, token).send('GET', path)).status;

describe('a token that was requested for a service account', () => {
  it('is that account, with its rights and no others, until it expires', async () => {
    let now = Date.now();
    const cluster = await startTestSandbox({ clock: () => new Date(now) });
    const token = await tokenFrom(cluster, 600);
    expect(await get(cluster, token)).toBe(200);
    expect(await get(cluster, token, '/api/v1/namespaces/shop/secrets')).toBe(403);
    expect(await get(cluster, `${token.slice(0, -2)}AA`)).toBe(401);
    expect(
      await get(
        cluster,
        token.replace(/^[^.]+/, Buffer.from('{"namespace":"countersign-system"}').toString('base64url')),
      ),
    ).toBe(401);
    now += 601_000;
    expect(await get(cluster, token)).toBe(401);
    await cluster.dispose();
  });

  it('outlives a restart, and not its account', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sandbox-tokens-'));
    const first = await startTestSandbox({ dataDirectory });
    const token = await tokenFrom(first);
    await first.sandbox.stop();
    const again = await startTestSandbox({ dataDirectory });
    expect(await get(again, token)).toBe(200);
    await again.as('user').send('DELETE', proposer);
    expect(await get(again, token)).toBe(401);
    const name = 'countersign-proposer';
    await again.as('user').send('POST', accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } });
    expect(await get(again, token)).toBe(401);
    await again.dispose();
  });

  it('is given to nobody without the right, also in a dry run', async () => {
    const cluster = await startTestSandbox();
    for (const identity of ['reader', 'proposer', 'executor'] as const)
      for (const query of ['', '?dryRun=All'])
        expect((await cluster.as(identity).send('POST', `${proposer}/token${query}`, request())).status).toBe(403);
    expect((await cluster.as('user').send('POST', `${accounts}/nobody/token`, request())).status).toBe(404);
    expect((await cluster.as('user').send('POST', `${proposer}/token`, request(60))).status).toBe(422);
    expect((await cluster.as('user').send('GET', `${proposer}/token`)).status).toBe(405);
    await cluster.dispose();
  });
});
