/**
 * A cluster that is not ours (--kubeconfig): three identities derived by TokenRequest, the guard policies checked before anything else
 * starts, the namespaces that were handed over. Every problem is a sentence that says what to do.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '@countersign/approvals';
import {
  type ClusterConnection,
  connectCluster,
  currentContext,
  type DerivedUser,
  derivedKubeconfig,
  IDENTITIES,
  type IdentityName,
  managedNamespaces,
  readGuards,
  readIdentity,
} from '@countersign/kubernetes';
import { startRefusal } from '../contract/start-refusal.ts';
import { type ClusterFile, tokenOf } from './file-user.ts';
import { CLUSTER_NAME_CHARACTERS_MAX } from './limits.ts';

export interface RealCluster {
  readonly name: string;
  readonly uid: string;
  readonly ca: string;
  /** Handed over to Countersign; never empty. */
  readonly namespaces: readonly string[];
  /** YAML text: contexts reader, proposer and executor, whose tokens a plugin asks for. It holds no credential. */
  readonly kubeconfig: string;
}

const GUARD_MANIFESTS = fileURLToPath(new URL('../../../../infra/cluster/guard-policies.yaml', import.meta.url));
const PLUGIN = fileURLToPath(new URL('./token-plugin.ts', import.meta.url));

/** Throws StartRefusal. */
export async function openRealCluster(file: string, named: string | undefined): Promise<RealCluster> {
  const text = readText(file);
  const context =
    named ??
    attempt(() => currentContext(text)) ??
    refuse(`${file} names no current context: name one with --context.`);
  const chosen = { file, context };
  const opened: ClusterConnection[] = [];
  try {
    const connect = async (identity: IdentityName): Promise<ClusterConnection> => {
      const kubeconfig = derivedKubeconfig(text, context, {
        [identity]: { token: await derivedToken(chosen, identity) },
      });
      const connection = connectCluster({
        name: context.slice(-CLUSTER_NAME_CHARACTERS_MAX),
        kubeconfig,
        context: identity,
        guardManifests: readFileSync(GUARD_MANIFESTS, 'utf8'),
      });
      opened.push(connection);
      return connection;
    };
    attempt(() => connectCluster({ name: 'file', kubeconfig: text, context }).close());
    const reader = await connect('reader');
    const guards = await readGuards(reader);
    const lacking = [...new Set([...guards.missing, ...guards.changed])];
    if (lacking.length > 0) {
      return refuse(
        `the cluster of the context ${context} lacks Countersign's guard policies, or has others under their names (${lacking.join(', ')}). ${install(chosen)}`,
      );
    }
    await connect('executor');
    const namespaces = await managedNamespaces(reader, await connect('proposer'));
    if (namespaces.length === 0)
      return refuse(`no namespace of the cluster is handed over to Countersign. ${install(chosen)}`);
    const { name, uid, ca } = await readIdentity(reader);
    const users = Object.fromEntries(IDENTITIES.map((identity) => [identity, pluginUser(chosen, identity)]));
    return { name, uid, ca, namespaces, kubeconfig: derivedKubeconfig(text, context, users) };
  } catch (problem) {
    if (problem instanceof Unavailable)
      return refuse(`the cluster of the context ${context} cannot be used: ${problem.message}.`);
    throw problem;
  } finally {
    for (const connection of opened) connection.close();
  }
}

async function derivedToken(chosen: ClusterFile, identity: IdentityName): Promise<string> {
  const answer = await tokenOf(chosen, identity);
  switch (answer.kind) {
    case 'issued':
      return answer.issued.token;
    case 'absent':
      return refuse(
        `the cluster of the context ${chosen.context} has no service account countersign-${identity}, and none of Countersign's guard policies counts without it. ${install(chosen)}`,
      );
    case 'forbidden':
      return refuse(
        `the user of the context ${chosen.context} may not request tokens for the service account countersign-${identity} (create serviceaccounts/token in the namespace countersign-system), or the cluster does not know it.`,
      );
  }
}

const pluginUser = ({ file, context }: ClusterFile, identity: IdentityName): DerivedUser => ({
  exec: {
    apiVersion: 'client.authentication.k8s.io/v1',
    interactiveMode: 'Never',
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), PLUGIN, file, context, identity],
  },
});

/** The command to give a cluster everything that is asked for here, fit for a shell. */
const install = ({ file, context }: ClusterFile): string =>
  `Install them with: npx countersign cluster-manifests --namespace NAMESPACE | kubectl --kubeconfig ${quoted(file)} --context ${quoted(context)} apply -f -`;
const quoted = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (problem) {
    const reason = problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown reason';
    return refuse(`--kubeconfig ${file} cannot be read (${reason}).`);
  }
}

/** What the reader of kubeconfigs says names members, never values. */
function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (problem) {
    return refuse(`${problem instanceof Error ? problem.message : 'the kubeconfig cannot be read'}.`);
  }
}

function refuse(sentence: string): never {
  throw startRefusal(`Cannot start: ${sentence}`);
}
