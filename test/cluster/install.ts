/** Hands a cluster to the suite: the manifests of infra/cluster as an administrator would apply them, and a token per identity. */
import { readFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import { type Answer, type Answered, callsTo, type Identity } from '../contracts/cluster/cluster-under-test.ts';
import { eventually } from './eventually.ts';
import { GUARDS_IN_FORCE_TIMEOUT_MILLISECONDS, NAMESPACE_GONE_TIMEOUT_MILLISECONDS, TOKEN_SECONDS } from './limits.ts';

const MANAGED_NAMESPACES = ['shop', 'payments'] as const;

export interface Installed {
  /** Contexts admin and user (the administrator), reader, proposer and executor; current: admin. */
  readonly kubeconfig: string;
  /** Removes what was created, and waits until the namespaces are gone. */
  remove(): Promise<void>;
  /** For a cluster that is thrown away as a whole. */
  close(): void;
}

type Admin = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Answer>;

/**
 * `adminKubeconfig` has a single user. Resolves once the guard policies are in force. Rejects, having removed what it had created, where an
 * object of that name is there already: the suite could not tell what it may delete.
 */
export async function installCountersign(adminKubeconfig: string): Promise<Installed> {
  const [user] = usersOf(adminKubeconfig);
  const calls = callsTo<string>(adminKubeconfig);
  const admin: Admin = (method, path, body) => calls.call(user?.name ?? '', { method, path, body });
  const created: string[] = [];
  const remove = async () => {
    const paths = created.splice(0).reverse();
    for (const path of paths) await admin('DELETE', path);
    for (const path of paths.filter((path) => path.startsWith('/api/v1/namespaces/') && path.split('/').length === 5))
      await eventually(NAMESPACE_GONE_TIMEOUT_MILLISECONDS, async () => {
        const { status } = await admin('GET', path);
        return status === 404 ? true : undefined;
      });
    calls.close();
  };
  try {
    for (const object of manifests()) created.push(await create(admin, object));
    const kubeconfig = await withTokens(admin, adminKubeconfig);
    await guardsInForce(kubeconfig);
    return { kubeconfig, remove, close: calls.close };
  } catch (error) {
    await remove();
    throw error;
  }
}

function manifests(): readonly Answered[] {
  const read = (file: string): readonly Answered[] =>
    parseAllDocuments(readFileSync(new URL(`../../infra/cluster/${file}`, import.meta.url), 'utf8')).map((document) =>
      document.toJS(),
    );
  const namespaces = MANAGED_NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  const managed = MANAGED_NAMESPACES.flatMap((namespace) =>
    read('managed-namespace.yaml').map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })),
  );
  return [...read('guard-policies.yaml'), ...read('rbac.yaml'), ...namespaces, ...managed];
}

const PLURALS: Readonly<Record<string, string>> = {
  ValidatingAdmissionPolicy: 'validatingadmissionpolicies',
  ValidatingAdmissionPolicyBinding: 'validatingadmissionpolicybindings',
};

/** Answers the object's path. */
async function create(admin: Admin, object: Answered): Promise<string> {
  const { apiVersion, kind, metadata } = object;
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
  const collection = `${root}${scope}/${PLURALS[kind] ?? `${kind.toLowerCase()}s`}`;
  const { status, body } = await admin('POST', collection, object);
  if (status === 409)
    throw new Error(
      `${kind} ${metadata.name} is in this cluster already. The suite installs its own and removes it afterwards: run it on a cluster without Countersign.`,
    );
  if (status !== 201) throw new Error(`${kind} ${metadata.name} could not be created: ${status} ${body.message}`);
  return `${collection}/${metadata.name}`;
}

interface NamedUser {
  readonly name: string;
  readonly user: object;
}
const usersOf = (kubeconfig: string): readonly NamedUser[] => parseAllDocuments(kubeconfig)[0]?.toJS().users ?? [];

/** Tokens by TokenRequest, as Countersign's own deployment has them. */
async function withTokens(admin: Admin, adminKubeconfig: string): Promise<string> {
  const { clusters, users } = parseAllDocuments(adminKubeconfig)[0]?.toJS() ?? {};
  const administrator = users[0].user;
  const identities: NamedUser[] = [
    { name: 'admin', user: administrator },
    { name: 'user', user: administrator },
  ];
  for (const name of ['reader', 'proposer', 'executor']) {
    const path = `/api/v1/namespaces/countersign-system/serviceaccounts/countersign-${name}/token`;
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: TOKEN_SECONDS },
    };
    const answer = await admin('POST', path, body);
    if (answer.status !== 201) throw new Error(`no token for the ${name}: ${answer.status} ${answer.body.message}`);
    identities.push({ name, user: { token: answer.body.status.token } });
  }
  const cluster = 'control-plane';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: clusters[0].cluster }],
    users: identities,
    contexts: identities.map(({ name }) => ({ name, context: { cluster, user: name, namespace: 'shop' } })),
    'current-context': 'admin',
  });
}

/**
 * The API server takes a policy up a moment after it was created, and a role as well: a proposer whose write passes in between would be the
 * very thing that must not happen. Tried with real writes, which are undone where they pass.
 */
export async function guardsInForce(kubeconfig: string): Promise<void> {
  const { call, close } = callsTo(kubeconfig);
  const refused = async (identity: Identity, namespace: string): Promise<true | undefined> => {
    const collection = `/api/v1/namespaces/${namespace}/configmaps`;
    const name = `guards-in-force-${identity}`;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } };
    const { status, body: answer } = await call(identity, { method: 'POST', path: collection, body });
    if (status === 201) await call('user', { method: 'DELETE', path: `${collection}/${name}` });
    return status === 403 && String(answer.message).includes('ValidatingAdmissionPolicy') ? true : undefined;
  };
  try {
    for (const namespace of MANAGED_NAMESPACES)
      for (const identity of ['proposer', 'executor'] as const)
        await eventually(GUARDS_IN_FORCE_TIMEOUT_MILLISECONDS, () => refused(identity, namespace));
  } finally {
    close();
  }
}
