/** The newest events about a set of objects. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { eventJson, newestEvents } from '../events.ts';

export async function relatedEvents(
  connection: ClusterConnection,
  namespace: string,
  uids: ReadonlySet<string | undefined>,
  limit: number,
): Promise<{ readonly events: readonly Json[]; readonly more: boolean }> {
  const about = ({ uid }: { readonly uid: string | null }): boolean => uid !== null && uids.has(uid);
  const found = await newestEvents(connection, namespace, limit, ({ involved }) => about(involved));
  return { events: found.events.map(eventJson), more: found.matched > limit || !found.complete };
}
