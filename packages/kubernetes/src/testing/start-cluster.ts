/** The sandbox with this project's own manifests in it, and a connection per identity: a cluster for the adapter's tests. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangeRequest, Policy, Randomness } from '@countersign/approvals';
import { type IdentityName, type NewObject, type Sandbox, startSandbox } from '@countersign/sandbox';
import { parseAllDocuments } from 'yaml';
import { type ClusterConnection, connectCluster } from '../connection/connect-cluster.ts';
import { somePolicy } from './objects.ts';

const manifest = (file: string): string =>
  readFileSync(new URL(`../../../../infra/cluster/${file}`, import.meta.url), 'utf8');
export const guardManifests = manifest('guard-policies.yaml');
const objectsOf = (yamlText: string): NewObject[] =>
  parseAllDocuments(yamlText).map((document) => document.toJS() as NewObject);

export interface TestCluster {
  readonly sandbox: Sandbox;
  connect(identity: IdentityName): ClusterConnection;
  /** Moves the sandbox's clock: the times that it writes, not its timers. */
  advance(seconds: number): void;
  stop(): Promise<void>;
}

/** Namespace shop is handed to proposer and executor. Resolves once the seeded workloads have settled. */
export async function startCluster(): Promise<TestCluster> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'cluster-'));
  const inShop = (object: NewObject): NewObject => ({ ...object, metadata: { ...object.metadata, namespace: 'shop' } });
  let ahead = 0;
  const sandbox = await startSandbox({
    dataDirectory,
    clock: () => new Date(Date.now() + ahead),
    manifests: [
      ...objectsOf(guardManifests),
      ...objectsOf(manifest('rbac.yaml')),
      ...objectsOf(manifest('managed-namespace.yaml')).map(inShop),
    ],
  });
  await sandbox.settled();
  const connections: ClusterConnection[] = [];
  return {
    sandbox,
    connect: (context) => {
      const connection = connectCluster({
        name: 'sandbox',
        kubeconfig: sandbox.kubeconfig(context),
        context,
        guardManifests,
      });
      connections.push(connection);
      return connection;
    },
    advance: (seconds) => {
      ahead += seconds * 1000;
    },
    stop: async () => {
      for (const connection of connections) connection.close();
      await sandbox.stop();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

export const random: Randomness = { token: (bytes) => randomBytes(bytes).toString('base64url') };
export const newPlanId = (): string => `pln_${random.token(16)}`;

let proposals = 0;
/** What `prepare` takes, for a Deployment in shop; each a second later, so that no restart repeats another one's instant. */
export const proposal = (
  name: string,
  operation: ChangeRequest['operation'],
  over: { readonly planId?: string; readonly policy?: Policy; readonly request?: Partial<ChangeRequest> } = {},
) => ({
  planId: over.planId ?? newPlanId(),
  requests: [{ kind: 'Deployment', namespace: 'shop', name, operation, ...over.request }],
  policy: over.policy ?? somePolicy(),
  now: new Date(Date.now() + 1_000 * proposals++),
  random,
});

/** Waits, without sleeping a fixed time, until `look` gives a value. Rejects after ten seconds. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error('it never came to be');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
