import { Unavailable } from '@countersign/approvals';
import { afterEach, describe, expect, it } from 'vitest';
import { LIST_PAGES_MAX, LIST_RESTARTS_MAX } from '../limits.ts';
import { AUTOSCALERS, PODS } from '../objects/resource-kinds.ts';
import { type Answerer, answerJson, startScriptedServer } from '../testing/scripted-server.ts';
import { connectCluster } from './connect-cluster.ts';
import { InvalidSelector, listAll } from './list.ts';

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function against(answer: Answerer) {
  const server = await startScriptedServer(answer);
  const connection = connectCluster({ name: 'x', kubeconfig: server.kubeconfig(), context: 'ctx' });
  stops.push(server.stop, connection.close);
  return { server, connection };
}
/** Pages 0, 1, ... up to `pages`; `answer` may take a page over. */
const paged = (
  pages: number,
  takeOver: (page: number, request: number) => number | undefined = () => undefined,
): Answerer => {
  let requests = 0;
  return (request, response) => {
    const page = Number(new URL(request.url, 'https://x').searchParams.get('continue') ?? 0);
    const status = takeOver(page, requests++);
    if (status !== undefined) answerJson(response, status, { kind: 'Status' });
    else answerJson(response, 200, { metadata: page + 1 < pages ? { continue: String(page + 1) } : {}, items: [page] });
  };
};

describe('listAll', () => {
  it('reads page after page', async () => {
    const { connection, server } = await against(paged(3));
    expect(await listAll(connection, PODS, 'shop', { labelSelector: 'a=b,c in (d)' })).toEqual([0, 1, 2]);
    expect(server.received[0]?.url).toBe('/api/v1/namespaces/shop/pods?labelSelector=a%3Db%2Cc+in+%28d%29&limit=500');
  });

  it('begins anew where the snapshot expired in between, and mixes no two', async () => {
    const { connection } = await against(paged(3, (page, request) => (page === 2 && request < 3 ? 410 : undefined)));
    expect(await listAll(connection, PODS, 'shop')).toEqual([0, 1, 2]);
  });

  it('gives up rather than answer a part, where it keeps expiring', async () => {
    const { connection, server } = await against(paged(3, (page) => (page === 1 ? 410 : undefined)));
    await expect(listAll(connection, PODS, 'shop')).rejects.toBeInstanceOf(Unavailable);
    expect(server.received).toHaveLength(2 * (LIST_RESTARTS_MAX + 1));
  });

  it('gives up rather than answer a part, where there is no end to it', async () => {
    const { connection, server } = await against(paged(1_000));
    await expect(listAll(connection, PODS, 'shop')).rejects.toBeInstanceOf(Unavailable);
    expect(server.received).toHaveLength(LIST_PAGES_MAX);
  });

  it.each([500, 403, 404, 200])('gives up rather than answer a part, where a page ends in %i', async (status) => {
    const { connection } = await against((request, response) => {
      if (!request.url.includes('continue')) answerJson(response, 200, { metadata: { continue: 'x' }, items: [1] });
      else if (status === 200) response.end('<html>');
      else answerJson(response, status, {});
    });
    await expect(listAll(connection, PODS, 'shop')).rejects.toBeInstanceOf(Unavailable);
  });

  it('takes a kind that a cluster need not serve for empty where it does not', async () => {
    const { connection } = await against((_request, response) => answerJson(response, 404, {}));
    expect(await listAll(connection, AUTOSCALERS, 'shop')).toEqual([]);
  });

  it('tells a selector that is none from a cluster that is not there', async () => {
    const { connection } = await against((_request, response) => answerJson(response, 400, {}));
    await expect(listAll(connection, PODS, 'shop', { labelSelector: '((' })).rejects.toBeInstanceOf(InvalidSelector);
  });
});
