import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ClusterConnection, connectCluster } from '../connection/connect-cluster.ts';
import { readClusterObject, readIdentity } from '../connection/read.ts';
import { ADMISSION_POLICIES } from '../objects/resource-kinds.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { mayI } from './access-review.ts';
import { derivedKubeconfig } from './derived-kubeconfig.ts';
import { managedNamespaces } from './managed-namespaces.ts';
import { IDENTITIES, requestToken } from './service-accounts.ts';

let cluster: TestCluster;
let admin: ClusterConnection;
const opened: ClusterConnection[] = [];
beforeAll(async () => {
  cluster = await startCluster();
  admin = cluster.connect('user');
});
afterAll(async () => {
  for (const connection of opened) connection.close();
  await cluster.stop();
});

async function derived(identity: (typeof IDENTITIES)[number]): Promise<ClusterConnection> {
  const answer = await requestToken(admin, identity, 3_600);
  if (answer.kind !== 'issued') throw new Error(answer.kind);
  const kubeconfig = derivedKubeconfig(cluster.sandbox.kubeconfig('user'), 'user', {
    [identity]: { token: answer.issued.token },
  });
  const connection = connectCluster({ name: 'derived', kubeconfig, context: identity });
  opened.push(connection);
  return connection;
}

describe('an identity derived by TokenRequest', () => {
  it.each(IDENTITIES)('reaches the same cluster as %s, with the rights of its role alone', async (identity) => {
    const connection = await derived(identity);
    expect(await readIdentity(connection)).toMatchObject({ uid: (await readIdentity(admin)).uid, ca: admin.caHash });
    expect(
      await readClusterObject(connection, ADMISSION_POLICIES, 'countersign-executor-marked-writes'),
    ).not.toBeNull();
    const patch = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop' };
    expect(await mayI(connection, patch)).toBe(identity !== 'reader');
    expect(await mayI(connection, { ...patch, subresource: 'scale' })).toBe(false);
    expect(await mayI(connection, { ...patch, namespace: 'kube-system' })).toBe(false);
    expect(await mayI(connection, { verb: 'get', group: '', resource: 'secrets', namespace: 'shop' })).toBe(false);
  });

  it("takes nothing of the file's user along", async () => {
    const whole = cluster.sandbox.kubeconfig('user');
    const kubeconfig = derivedKubeconfig(whole, 'user', { reader: { token: 'abc' } });
    for (const { user } of parse(whole).users) expect(kubeconfig).not.toContain(user.token);
    expect(parse(kubeconfig).users).toEqual([{ name: 'reader', user: { token: 'abc' } }]);
  });

  it('is given to nobody whose role does not allow it, and for no account that is not there', async () => {
    for (const identity of IDENTITIES)
      expect(await requestToken(cluster.connect(identity), 'executor', 3_600)).toEqual({ kind: 'forbidden' });
    const account = cluster.sandbox.store.delete('serviceaccounts', 'countersign-system', 'countersign-executor');
    expect(await requestToken(admin, 'executor', 3_600)).toEqual({ kind: 'absent' });
    const { name, namespace } = account.metadata;
    cluster.sandbox.store.create('serviceaccounts', {
      ...account,
      metadata: { name, ...(namespace && { namespace }) },
    });
  });
});

describe('managedNamespaces', () => {
  it('finds the namespaces that were handed over, by what the proposer may do there', async () => {
    expect(await managedNamespaces(cluster.connect('reader'), cluster.connect('proposer'))).toEqual(['shop']);
  });
});
