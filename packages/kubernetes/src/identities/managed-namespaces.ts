/** Namespaces that managed-namespace.yaml has handed over: those where the proposer may work, whatever a list elsewhere says. */

import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { foldList } from '../connection/list.ts';
import { textAt } from '../objects/json-at.ts';
import { mayI } from './access-review.ts';

/** In order of names. Throws Unavailable. */
export async function managedNamespaces(
  reader: ClusterConnection,
  proposer: ClusterConnection,
): Promise<readonly string[]> {
  const { value: names } = await foldList<Json, string[]>(
    reader,
    ['api', 'v1', 'namespaces'],
    {},
    () => [],
    (all, namespace) => [...all, textAt(namespace, 'metadata', 'name') ?? ''],
  );
  const managed: string[] = [];
  for (const namespace of names.sort()) {
    const access = { verb: 'patch', group: 'apps', resource: 'deployments', namespace };
    if (namespace !== '' && (await mayI(proposer, access))) managed.push(namespace);
  }
  return managed;
}
