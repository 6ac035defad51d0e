/** A Deployment of its own for each test, made by the cluster's user, and the patches that Countersign sends. */
import { afterEach } from 'vitest';
import type { Answer, Call, Identity, UnderTest } from './cluster-under-test.ts';

const COLLECTION = '/apis/apps/v1/namespaces/shop/deployments';
export const MARK = 'countersign.dev/plan';
export const deploymentPath = (name: string): string => `${COLLECTION}/${name}`;

let made = 0;
export const newName = (): string => `contract-${process.pid}-${made++}`;
/** A mark as the executor's policy wants it, a new one each time. */
export const newMark = (): string => `pln_${String(made++).padStart(22, '0')}/1/sha256:${'ab'.repeat(32)}`;

export interface Workbench {
  /** A new Deployment that its controller has numbered; it is deleted after the test. */
  create(over?: { readonly replicas?: number; readonly annotations?: Record<string, string> }): Promise<Answer['body']>;
  get(name: string): Promise<Answer['body']>;
  /** A marked change on the version of the moment: read and sent again where a controller wrote in between. */
  change(identity: Identity, name: string, spec: object, query?: Call['query'], mark?: string): Promise<Answer>;
  /** PATCH of the Deployment with this query. */
  patch(identity: Identity, name: string, body: unknown, query?: Call['query'], contentType?: string): Promise<Answer>;
}

export function workbench(cluster: UnderTest): Workbench {
  const names: string[] = [];
  afterEach(async () => {
    for (const name of names.splice(0)) await cluster().call('user', { method: 'DELETE', path: deploymentPath(name) });
  });
  const get: Workbench['get'] = async (name) => (await cluster().call('user', { path: deploymentPath(name) })).body;
  const patch: Workbench['patch'] = (identity, name, body, query = {}, contentType) =>
    cluster().call(identity, {
      method: 'PATCH',
      path: deploymentPath(name),
      body,
      query,
      ...(contentType === undefined ? {} : { contentType }),
    });
  return {
    get,
    patch,
    change: async (identity, name, spec, query = OURS, mark = newMark()) => {
      for (;;) {
        const { resourceVersion } = (await get(name)).metadata;
        const answer = await patch(identity, name, marked(resourceVersion, spec, mark), query);
        if (answer.status !== 409) return answer;
      }
    },
    create: async ({ replicas = 0, annotations = {} } = {}) => {
      const name = newName();
      names.push(name);
      const labels = { app: name };
      const spec = {
        replicas,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              { name: 'web', image: 'nginx:1.27-alpine', env: [{ name: 'KEEP', value: 'me' }] },
              { name: 'side', image: 'redis:7.4-alpine' },
            ],
          },
        },
      };
      const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, labels, annotations }, spec };
      const created = await cluster().call('user', { method: 'POST', path: COLLECTION, body });
      if (created.status !== 201) throw new Error(`create answered ${created.status}`);
      return seenByItsController(cluster, name);
    },
  };
}

/**
 * The Deployment once its controller has seen its last change: from then on the controller writes its status alone. `revision`: also
 * waits for this number.
 */
export async function seenByItsController(
  cluster: UnderTest,
  name: string,
  revision?: string,
): Promise<Answer['body']> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    const { body } = await cluster().call('user', { path: deploymentPath(name) });
    const number = body.metadata.annotations?.[REVISION];
    const numbered = revision === undefined ? number !== undefined : number === revision;
    if (numbered && body.status?.observedGeneration === body.metadata.generation) return body;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error('no controller has seen the Deployment');
}
const REVISION = 'deployment.kubernetes.io/revision';
/** Each look is a request: some seconds. */
const LOOKS_MAX = 5_000;

/** What Countersign adds to every change. */
export const marked = (resourceVersion: string, spec: object, mark = newMark()): object => ({
  metadata: { resourceVersion, annotations: { [MARK]: mark } },
  spec,
});
export const OURS = { fieldManager: 'countersign', fieldValidation: 'Strict' };
export const DRY = { ...OURS, dryRun: 'All' };

export interface ConfigMaps {
  /** A new ConfigMap, which no controller writes to; it is deleted after the test. */
  createConfigMap(data?: Readonly<Record<string, string>>): Promise<Answer['body']>;
  configMapPath(name: string): string;
}

export function configMaps(cluster: UnderTest): ConfigMaps {
  const collection = '/api/v1/namespaces/shop/configmaps';
  const names: string[] = [];
  const configMapPath = (name: string): string => `${collection}/${name}`;
  afterEach(async () => {
    for (const name of names.splice(0)) await cluster().call('user', { method: 'DELETE', path: configMapPath(name) });
  });
  return {
    configMapPath,
    createConfigMap: async (data = {}) => {
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: newName() }, data };
      const { status, body: created } = await cluster().call('user', { method: 'POST', path: collection, body });
      if (status !== 201) throw new Error(`create answered ${status}`);
      names.push(created.metadata.name);
      return created;
    },
  };
}
