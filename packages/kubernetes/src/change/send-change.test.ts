import { type Intent, Unavailable } from '@countersign/approvals';
import { afterEach, describe, expect, it } from 'vitest';
import { connectCluster } from '../connection/connect-cluster.ts';
import { UID } from '../testing/objects.ts';
import { type Answerer, answerJson, closedPort, startScriptedServer } from '../testing/scripted-server.ts';
import { sendDryRun, sendWrite } from './send-change.ts';

const CANARY = 'canary-s3cr3t';
const intent: Intent = {
  format: 'countersign.intent/v1',
  cluster: { name: 'test', uid: 'cluster-uid', ca: `sha256:${'0'.repeat(64)}` },
  steps: [
    {
      target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: UID },
      operation: { type: 'scale', replicas: 3 },
    },
  ],
};
const patch = { intent, stepNumber: 1, planId: `pln_${'a'.repeat(22)}`, leaves: {}, resourceVersion: '130' };

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function against(answer: Answerer, cluster: Record<string, unknown> = {}) {
  const server = await startScriptedServer(answer);
  const connection = connectCluster({
    name: 'test',
    kubeconfig: server.kubeconfig(undefined, cluster),
    context: 'ctx',
    requestTimeoutMs: 300,
  });
  stops.push(server.stop, connection.close);
  return { server, connection };
}
const status =
  (code: number, message = CANARY): Answerer =>
  (_request, response) =>
    answerJson(response, code, { kind: 'Status', message });
const failure = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('sendWrite', () => {
  it('answers what was written', async () => {
    const { connection, server } = await against((_request, response) =>
      answerJson(response, 200, { metadata: { resourceVersion: '131' } }),
    );
    expect(await sendWrite(connection, patch)).toEqual({
      outcome: 'written',
      resourceVersion: '131',
      object: { metadata: { resourceVersion: '131' } },
    });
    expect(server.received[0]?.url).toBe(
      '/apis/apps/v1/namespaces/shop/deployments/web?fieldManager=countersign&fieldValidation=Strict',
    );
  });

  it.each([
    ['a server error', status(500)],
    ['a bad gateway', status(502)],
    ['a redirect', status(302)],
    ['silence', () => {}],
    [
      'a reset connection',
      (_request, _response, socket) => {
        socket.destroy();
      },
    ],
    [
      'an answer that breaks off',
      (_request, response, socket) => {
        response.writeHead(200, { 'content-length': '99' });
        response.write('{', () => socket.destroy());
      },
    ],
    [
      'a written object that is no JSON',
      (_request, response) => {
        response.writeHead(200);
        response.end('<html>');
      },
    ],
    ['a written object without version', (_request, response) => answerJson(response, 200, {})],
  ] as [string, Answerer][])('is unknown after %s, and is not sent again', async (_what, answer) => {
    const { connection, server } = await against(answer);
    expect(await sendWrite(connection, patch)).toEqual({ outcome: 'unknown' });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    [409, { outcome: 'conflict' }],
    [404, { outcome: 'conflict' }],
    [401, { outcome: 'refused', refusal: { code: 'cluster.forbidden' } }],
    [422, { outcome: 'refused', refusal: { code: 'write.refused', reason: 'the changed object would not be valid' } }],
    [418, { outcome: 'refused', refusal: { code: 'write.refused', reason: 'it refuses the change' } }],
  ])('answers a %i in our own words', async (code, result) => {
    const { connection } = await against(status(code));
    expect(await sendWrite(connection, patch)).toEqual(result);
  });

  it.each([429, 408])('is unavailable, not unknown, after a %i: the server did not begin', async (code) => {
    const { connection } = await against(status(code));
    const error = await failure(sendWrite(connection, patch));
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).not.toContain(CANARY);
  });

  it('is unavailable, not unknown, where nothing could be sent', async () => {
    const { connection } = await against(status(200), { server: `https://127.0.0.1:${await closedPort()}` });
    expect(await failure(sendWrite(connection, patch))).toBeInstanceOf(Unavailable);
  });
});

describe('sendDryRun', () => {
  it("sends the write's body with dryRun=All and hands the warnings on", async () => {
    const { connection, server } = await against((_request, response) => {
      response.setHeader('warning', '299 - "deprecated"');
      answerJson(response, 200, { metadata: { resourceVersion: '131' } });
    });
    expect(await sendDryRun(connection, patch)).toMatchObject({ ok: true, warnings: ['deprecated'] });
    await sendWrite(connection, patch);
    const [dry, write] = server.received;
    expect(dry?.url).toBe(`${write?.url}&dryRun=All`);
    expect(dry?.body).toBe(write?.body);
  });

  it.each([
    [409, 'x', { code: 'write.conflict' }],
    [404, 'x', { code: 'target.not_found', kind: 'Deployment', namespace: 'shop', name: 'web' }],
    [401, 'x', { code: 'cluster.forbidden' }],
    [400, 'admission webhook "a.b" does not support dry run', { code: 'dry_run.unsupported_webhook' }],
    [422, CANARY, { code: 'dry_run.refused', reason: 'the changed object would not be valid' }],
  ])('refuses after a %i', async (code, message, refusal) => {
    const { connection } = await against(status(code, message));
    expect(await sendDryRun(connection, patch)).toEqual({ ok: false, refusal });
  });

  it.each([500, 503, 429])('is unavailable after a %i', async (code) => {
    const { connection } = await against(status(code));
    const error = await failure(sendDryRun(connection, patch));
    expect(error).toBeInstanceOf(Unavailable);
    expect(String(error)).not.toContain(CANARY);
  });
});
