/** What a person reads when everything answers. Passwords are not printed: terminals are recorded; it says where they are. */
import { relative } from 'node:path';
import type { RunningSystem } from './start-system.ts';

export function greeting(
  { ready, cluster }: Pick<RunningSystem, 'ready' | 'cluster'>,
  readyFile: string,
  dataDirectory: string,
): string {
  const people = ready.users
    .map((user) => `${user.email} (${user.groups.join(', ') || 'no group'})`)
    .join('\n                ');
  const near = (path: string): string => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  return `
  Countersign is running. ${watched(cluster.real)}

  Pages         ${ready.webUrl}
  Mailbox       ${ready.mailboxUrl}
  MCP endpoint  ${ready.mcpUrl}
  kubectl       kubectl --kubeconfig ${near(ready.kubeconfig)} get pods -A

  People        ${people}
  Passwords     ${near(readyFile)}

  Stop it with Ctrl+C; everything is kept in ${near(dataDirectory)}.

`;
}

/** Names of contexts and namespaces come from the person's own file and cluster's own grammar. */
function watched(real: RunningSystem['cluster']['real']): string {
  if (real === undefined) return 'A sandbox cluster with broken workloads is being watched.';
  return `It reads and proposes on the cluster of the context ${real.context}, in ${real.namespaces.join(', ')}.
  Approving needs a passkey there, which this version cannot ask for yet: so nothing is changed.`;
}
