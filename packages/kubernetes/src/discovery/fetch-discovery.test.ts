import { Unavailable } from '@countersign/approvals';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { connectCluster } from '../connection/connect-cluster.ts';
import { Forbidden } from '../connection/read.ts';
import { type Answerer, answerJson, startScriptedServer } from '../testing/scripted-server.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { fetchDiscovery } from './fetch-discovery.ts';
import { kindCatalogue } from './kind-catalogue.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

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

/** Asks for the classic documents where the aggregated ones were asked for. */
const classic = (connection: ClusterConnection): ClusterConnection => ({
  ...connection,
  send: (request) => connection.send({ ...request, accept: 'application/json' }),
});

describe('fetchDiscovery', () => {
  it('finds every kind in two requests, and the same kinds in the classic documents', async () => {
    const reader = cluster.connect('reader');
    let requests = 0;
    const kinds = await fetchDiscovery({
      ...reader,
      send: (request) => {
        requests += 1;
        return reader.send(request);
      },
    });
    expect(requests).toBe(2);
    expect(kinds.find(({ kind }) => kind === 'Deployment')).toEqual({
      apiVersion: 'apps/v1',
      group: 'apps',
      version: 'v1',
      kind: 'Deployment',
      plural: 'deployments',
      singular: 'deployment',
      shortNames: ['deploy'],
      namespaced: true,
      verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
    });
    expect(kinds.map(({ plural }) => plural)).not.toContain('pods/log');
    expect(await fetchDiscovery(classic(reader))).toEqual(kinds);
  });

  const served = (resources: readonly unknown[], versions = ['v2', 'v1']): Answerer => {
    const items = [{ metadata: { name: 'a.example' }, versions: versions.map((version) => ({ version, resources })) }];
    return (request, response) =>
      answerJson(response, 200, { kind: 'APIGroupDiscoveryList', items: request.url === '/apis' ? items : [] });
  };
  const widget = { resource: 'widgets', responseKind: { kind: 'Widget' }, scope: 'Namespaced', verbs: ['get'] };

  it('takes of each kind the version that the server names first', async () => {
    const { connection } = await against(served([widget]));
    expect(await fetchDiscovery(connection)).toMatchObject([{ apiVersion: 'a.example/v2', singular: 'widget' }]);
  });

  it('leaves out whatever is not named as the API names things: names become paths', async () => {
    const hostile = ['../secrets', 'pods/log', 'a?b', '', 'UPPER', `x${'y'.repeat(70)}`, '..', 7, null];
    const resources = hostile.flatMap((name) => [
      { ...widget, resource: name },
      { ...widget, resource: 'fine', responseKind: { kind: typeof name === 'string' ? `${name}/` : name } },
    ]);
    const { connection } = await against(served(resources));
    expect(await fetchDiscovery(connection)).toEqual([]);
    const versions = await against(served([widget], ['v1/../..', '']));
    expect(await fetchDiscovery(versions.connection)).toEqual([]);
    const words = await against(served([{ ...widget, shortNames: ['w', '--all', 5], verbs: ['get', 'rm -rf'] }]));
    expect(await fetchDiscovery(words.connection)).toMatchObject([{ shortNames: ['w'], verbs: ['get'] }]);
  });

  it('does without a group whose server does not answer, in the classic documents', async () => {
    const { connection } = await against((request, response) => {
      if (request.url === '/api') answerJson(response, 200, { versions: ['v1'] });
      else if (request.url === '/apis')
        answerJson(response, 200, {
          groups: ['down.example', 'up.example'].map((name) => ({ name, versions: [{ version: 'v1' }] })),
        });
      else if (request.url.includes('down')) answerJson(response, 503, {});
      else
        answerJson(response, 200, {
          resources: [{ name: 'things', kind: 'Thing', namespaced: true, verbs: ['list'] }],
        });
    });
    const kinds = await fetchDiscovery(connection);
    expect(kinds.map(({ apiVersion }) => apiVersion)).toEqual(['v1', 'up.example/v1']);
  });

  it.each([
    [500, Unavailable],
    [404, Unavailable],
    [403, Forbidden],
  ])('says that there is no answer where the server answers %i', async (status, error) => {
    const { connection } = await against((_request, response) => answerJson(response, status, {}));
    await expect(fetchDiscovery(connection)).rejects.toBeInstanceOf(error);
  });
});

describe('kindCatalogue', () => {
  const counting = async () => {
    let status = 200;
    const { connection, server } = await against((_request, response) =>
      answerJson(response, status, { kind: 'APIGroupDiscoveryList', items: [] }),
    );
    const time = { now: 1_000_000 };
    const catalogue = kindCatalogue(connection, () => new Date(time.now));
    return { catalogue, server, time, fail: (code: number) => (status = code) };
  };

  it('asks once for all who ask at once, and again when the answer is a minute old', async () => {
    const { catalogue, server, time } = await counting();
    await Promise.all([catalogue.kinds(), catalogue.kinds(), catalogue.kindsAfterMiss()]);
    expect(server.received).toHaveLength(2);
    time.now += 59_999;
    await catalogue.kinds();
    expect(server.received).toHaveLength(2);
    time.now += 1;
    await catalogue.kinds();
    expect(server.received).toHaveLength(4);
  });

  it('looks again for a name that was not there, but not for each guess', async () => {
    const { catalogue, server, time } = await counting();
    await catalogue.kinds();
    for (let guess = 0; guess < 20; guess += 1) await catalogue.kindsAfterMiss();
    expect(server.received).toHaveLength(2);
    time.now += 5_000;
    for (let guess = 0; guess < 20; guess += 1) await catalogue.kindsAfterMiss();
    expect(server.received).toHaveLength(4);
  });

  it('remembers no failure, and believes no answer from the future', async () => {
    const { catalogue, server, time, fail } = await counting();
    fail(500);
    await expect(catalogue.kinds()).rejects.toBeInstanceOf(Unavailable);
    fail(200);
    await catalogue.kinds();
    const asked = server.received.length;
    time.now -= 10;
    await catalogue.kinds();
    expect(server.received.length).toBe(asked + 2);
  });
});
