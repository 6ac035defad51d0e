/** Which cluster a data directory's records are about: plans, locks and marks of one cluster mean nothing on another. */
import * as z from 'zod';
import type { DataDirectory } from '../contract/data-directory.ts';
import { startRefusal } from '../contract/start-refusal.ts';

const RememberedCluster = z.strictObject({
  /** uid of the namespace kube-system, and hash of the API server's CA. */
  uid: z.string().min(1),
  ca: z.string().min(1),
});

/** Of the sandbox, which lies in the data directory itself, there is nothing to remember. Throws StartRefusal for another cluster than the first. */
export function rememberCluster(
  data: DataDirectory,
  found: { readonly uid: string; readonly ca: string } | 'sandbox',
): void {
  const document = data.document('cluster-identity', RememberedCluster);
  const remembered = document.read();
  const another = (): Error =>
    startRefusal(
      `Cannot start: the data directory ${data.path} holds the records of another cluster: name another one with --data.`,
    );
  if (found === 'sandbox') {
    if (remembered !== undefined) throw another();
    return;
  }
  if (remembered === undefined) {
    if (data.has('cluster')) throw another();
    document.write({ uid: found.uid, ca: found.ca });
    return;
  }
  if (remembered.uid !== found.uid || remembered.ca !== found.ca) throw another();
}
