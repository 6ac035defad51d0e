/** What a person reads when everything answers. Passwords are not printed: terminals are recorded; it says where they are. */
import { relative } from 'node:path';
import type { ReadyFile } from '../contract/ready-file.ts';

export function greeting(ready: ReadyFile, readyFile: string, dataDirectory: string): string {
  const people = ready.users
    .map((user) => `${user.email} (${user.groups.join(', ') || 'no group'})`)
    .join('\n                ');
  const near = (path: string): string => {
    const short = relative(process.cwd(), path);
    return short.startsWith('..') ? path : short;
  };
  return `
  Countersign is running. A sandbox cluster with broken workloads is being watched.

  Pages         ${ready.webUrl}
  Mailbox       ${ready.mailboxUrl}
  MCP endpoint  ${ready.mcpUrl}
  kubectl       kubectl --kubeconfig ${near(ready.kubeconfig)} get pods -A

  People        ${people}
  Passwords     ${near(readyFile)}

  Stop it with Ctrl+C; everything is kept in ${near(dataDirectory)}.

`;
}
