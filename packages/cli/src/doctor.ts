/** `countersign doctor`: is this cluster ready? It changes nothing: it reads, asks what identities may do, and dry-runs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Unavailable } from '@countersign/approvals';
import {
  type ClusterConnection,
  connectCluster,
  currentContext,
  derivedKubeconfig,
  executorGuardRefuses,
  IDENTITIES,
  type IdentityName,
  managedNamespaces,
  readGuards,
  readServerVersion,
  requestToken,
} from '@countersign/kubernetes';
import { accessFindings } from './access-findings.ts';
import { type Answer, badInput } from './answer.ts';
import { KUBERNETES_MINOR_VERSION_MIN, TOKEN_SECONDS } from './limits.ts';

export interface DoctorOptions {
  /** Absolute. */
  readonly file: string;
  readonly context: string | undefined;
}

/** One sentence without its full stop. */
export interface Finding {
  readonly well: boolean;
  readonly what: string;
}

const GUARD_MANIFESTS = fileURLToPath(new URL('../../../infra/cluster/guard-policies.yaml', import.meta.url));
const INSTALL = 'apply what `countersign cluster-manifests --namespace NAMESPACE` prints';

export async function doctor({ file, context: named }: DoctorOptions): Promise<Answer> {
  const opened: ClusterConnection[] = [];
  try {
    const text = readFileSync(file, 'utf8');
    const context = named ?? currentContext(text);
    if (context === undefined)
      return badInput(`countersign: ${file} names no current context: name one with --context.`);
    const own = connectCluster({ name: 'doctor', kubeconfig: text, context });
    opened.push(own);
    return report(await examine(own, { text, context }, opened));
  } catch (problem) {
    if (problem instanceof Unavailable)
      return report([{ well: false, what: `the cluster cannot be examined: ${problem.message}` }]);
    if (problem instanceof Error && 'code' in problem)
      return badInput(`countersign: ${file} cannot be read (${problem.code}).`);
    if (problem instanceof Error && problem.message.startsWith('kubeconfig: '))
      return badInput(`countersign: ${problem.message}.`);
    throw problem;
  } finally {
    for (const connection of opened) connection.close();
  }
}

async function examine(
  own: ClusterConnection,
  { text, context }: { readonly text: string; readonly context: string },
  opened: ClusterConnection[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [versionFinding(await readServerVersion(own))];
  const connections: Partial<Record<IdentityName, ClusterConnection>> = {};
  for (const identity of IDENTITIES) {
    const answer = await requestToken(own, identity, TOKEN_SECONDS);
    if (answer.kind === 'issued') {
      const kubeconfig = derivedKubeconfig(text, context, { [identity]: { token: answer.issued.token } });
      const guardManifests = readFileSync(GUARD_MANIFESTS, 'utf8');
      const connection = connectCluster({ name: 'doctor', kubeconfig, context: identity, guardManifests });
      connections[identity] = connection;
      opened.push(connection);
    }
    findings.push(tokenFinding(identity, answer.kind));
  }
  const { reader, proposer, executor } = connections;
  if (reader === undefined || proposer === undefined || executor === undefined) return findings;
  const { missing, changed } = await readGuards(reader);
  const unfit = [...new Set([...missing, ...changed])];
  findings.push(
    unfit.length === 0
      ? { well: true, what: 'the guard policies are present and unchanged' }
      : { well: false, what: `guard policies are missing or changed: ${unfit.join(', ')} (${INSTALL})` },
  );
  const namespaces = await managedNamespaces(reader, proposer);
  findings.push(
    namespaces.length === 0
      ? { well: false, what: `no namespace is handed over (${INSTALL})` }
      : { well: true, what: `handed over: ${namespaces.join(', ')}` },
  );
  for (const namespace of namespaces) {
    findings.push(...(await accessFindings({ reader, proposer, executor }, namespace)));
    findings.push(
      (await executorGuardRefuses(executor, namespace))
        ? { well: true, what: `${namespace}: a dry run of the executor without a mark is refused by its guard policy` }
        : {
            well: false,
            what: `${namespace}: a dry run of the executor without a mark is not refused by its guard policy: it is not in force`,
          },
    );
  }
  return findings;
}

function versionFinding(version: string): Finding {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const well = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= KUBERNETES_MINOR_VERSION_MIN);
  return {
    well,
    what: `the cluster runs Kubernetes ${version}${well ? '' : `; the guard policies need 1.${KUBERNETES_MINOR_VERSION_MIN}`}`,
  };
}

function tokenFinding(identity: IdentityName, answer: 'issued' | 'absent' | 'forbidden'): Finding {
  switch (answer) {
    case 'issued':
      return { well: true, what: `the service account countersign-${identity} gives tokens` };
    case 'absent':
      return { well: false, what: `the service account countersign-${identity} is missing (${INSTALL})` };
    case 'forbidden':
      return {
        well: false,
        what: `the user of this context may not request tokens for countersign-${identity} (create serviceaccounts/token in countersign-system)`,
      };
  }
}

function report(findings: readonly Finding[]): Answer {
  const lines = findings.map(({ well, what }) => `${well ? 'ok    ' : 'WRONG '} ${what}`);
  const wrong = findings.filter(({ well }) => !well).length;
  const end =
    wrong === 0
      ? 'The cluster is ready for Countersign.'
      : `${wrong} of ${findings.length} findings are wrong: Countersign does not work here, or is not held back as it must be.`;
  return { exitCode: wrong === 0 ? 0 : 1, out: `${[...lines, end].join('\n')}\n`, error: '' };
}
