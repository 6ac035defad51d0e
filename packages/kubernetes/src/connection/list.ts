/** Lists, whole or capped. A view that is half a view is never passed off as a whole one. */
import { type Json, Unavailable } from '@countersign/approvals';
import { LIST_PAGE_OBJECTS, LIST_PAGES_MAX, LIST_RESTARTS_MAX } from '../limits.ts';
import { listAt, textAt } from '../objects/json-at.ts';
import { collectionPath, type ResourceKind } from '../objects/resource-kinds.ts';
import type { ClusterConnection } from './connect-cluster.ts';
import { jsonOf, readRaw } from './read.ts';

export interface Selectors {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** The server did not understand a selector that a caller gave. */
export class InvalidSelector extends Error {
  override readonly name = 'InvalidSelector';
}

/**
 * Every object of one kind in one namespace, page by page from one snapshot. Throws Unavailable where there are more pages than
 * LIST_PAGES_MAX or the snapshot keeps expiring, InvalidSelector for a selector that is none.
 */
export async function listAll<T>(
  connection: ClusterConnection,
  kind: ResourceKind,
  namespace: string,
  selectors: Selectors = {},
): Promise<readonly T[]> {
  for (let attempt = 0; attempt <= LIST_RESTARTS_MAX; attempt += 1) {
    const items = await pages(connection, kind, namespace, selectors);
    if (items !== 'expired') return items as readonly T[];
  }
  throw new Unavailable('the list kept expiring while it was read');
}

/** The first objects of one kind, and whether there are more. */
export async function listSome<T>(
  connection: ClusterConnection,
  kind: ResourceKind,
  namespace: string,
  limit: number,
  selectors: Selectors = {},
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const page = await onePage(connection, kind, namespace, { ...selectors, limit: String(limit) });
  if (page === 'expired') throw new Unavailable('the cluster did not understand a read');
  return { items: page.items as readonly T[], more: page.continue !== undefined };
}

async function pages(
  connection: ClusterConnection,
  kind: ResourceKind,
  namespace: string,
  selectors: Selectors,
): Promise<readonly unknown[] | 'expired'> {
  const items: unknown[] = [];
  let token: string | undefined;
  for (let page = 0; page < LIST_PAGES_MAX; page += 1) {
    const answer = await onePage(connection, kind, namespace, {
      ...selectors,
      limit: String(LIST_PAGE_OBJECTS),
      continue: token,
    });
    if (answer === 'expired') return 'expired';
    items.push(...answer.items);
    token = answer.continue;
    if (token === undefined) return items;
  }
  throw new Unavailable('the namespace holds more objects than can be read at once');
}

async function onePage(
  connection: ClusterConnection,
  kind: ResourceKind,
  namespace: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly items: readonly Json[]; readonly continue: string | undefined } | 'expired'> {
  const answer = await readRaw(connection, collectionPath(kind, namespace), query);
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'invalid') throw new InvalidSelector('the selector is not one');
  if (answer.kind === 'absent') {
    if (kind.optional !== true) throw new Unavailable('the cluster does not serve a kind that every cluster serves');
    return { items: [], continue: undefined };
  }
  if (answer.kind !== 'found') throw new Unavailable('the cluster did not understand a read');
  const list = jsonOf(answer.body);
  return { items: listAt(list, 'items'), continue: textAt(list, 'metadata', 'continue') || undefined };
}
