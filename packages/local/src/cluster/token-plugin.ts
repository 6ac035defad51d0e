/**
 * A kubeconfig's credential plugin: `token-plugin <kubeconfig> <context> <identity>` prints an ExecCredential (client.authentication.k8s.io/v1)
 * for one of our service accounts. So no token lies in a file, and a new one is asked for before the old one ends.
 */
import { IDENTITIES } from '@countersign/kubernetes';
import { tokenOf } from './file-user.ts';
import { TOKEN_UNUSED_BEFORE_END_SECONDS } from './limits.ts';

const [file = '', context = '', name] = process.argv.slice(2);
const identity = IDENTITIES.find((known) => known === name);
const answer = identity === undefined ? { kind: 'absent' as const } : await tokenOf({ file, context }, identity);
if (answer.kind === 'issued') {
  const { token, expiresAt } = answer.issued;
  const usedUntil = new Date(Date.parse(expiresAt) - TOKEN_UNUSED_BEFORE_END_SECONDS * 1000).toISOString();
  const status = { token, expirationTimestamp: usedUntil };
  process.stdout.write(
    JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status }),
  );
} else {
  process.exitCode = 1;
}
