/** Lists: whole, capped, page by page, or folded so that no more than one page is ever held. Half a view is never passed off as a whole one. */
import { type Json, Unavailable } from '@countersign/approvals';
import { LIST_PAGE_OBJECTS, LIST_PAGES_MAX, LIST_RESTARTS_MAX } from '../limits.ts';
import { listAt, numberAt, textAt } from '../objects/json-at.ts';
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

/** One page as the server answered it. */
export interface Page {
  /** The whole document: a list, or a Table where one was asked for and is served. */
  readonly document: Json;
  /** The server's own token for what comes after, or undefined at the end. */
  readonly continue: string | undefined;
  /** Objects behind this page, where the server counts them: it does not under a selector. */
  readonly remaining: number | undefined;
}

export interface PageQuery extends Selectors {
  readonly limit: number;
  readonly continue?: string | undefined;
  /** `Metadata`, for a Table. */
  readonly includeObject?: string | undefined;
}

/** `expired`: the token's snapshot is gone (410). Null: the kind is not served there. Throws InvalidSelector, Unavailable, Forbidden. */
export async function readPage(
  connection: ClusterConnection,
  path: readonly string[],
  { limit, ...query }: PageQuery,
  accept?: string,
): Promise<Page | 'expired' | null> {
  const answer = await readRaw(connection, path, { ...query, limit: String(limit) }, accept);
  if (answer.kind === 'expired') return 'expired';
  if (answer.kind === 'absent') return null;
  if (answer.kind !== 'found') throw new InvalidSelector('the selector is not one');
  const document = jsonOf(answer.body);
  return {
    document,
    continue: textAt(document, 'metadata', 'continue') || undefined,
    remaining: numberAt(document, 'metadata', 'remainingItemCount'),
  };
}

export interface Folded<A> {
  readonly value: A;
  /** False where there were more than `pagesMax` pages: the value is of the first ones. */
  readonly complete: boolean;
}

/**
 * Reads a list page by page from one snapshot and keeps of each page what `fold` makes of it: the memory is a page's, however long the
 * list. Where the snapshot expires it begins anew with `start()`. Throws Unavailable where that keeps happening, InvalidSelector for a
 * selector that is none.
 */
export async function foldList<T, A>(
  connection: ClusterConnection,
  path: readonly string[],
  options: { readonly selectors?: Selectors; readonly pagesMax?: number; readonly optional?: true | undefined },
  start: () => A,
  fold: (value: A, item: T) => A,
): Promise<Folded<A>> {
  const { selectors = {}, pagesMax = LIST_PAGES_MAX, optional } = options;
  for (let attempt = 0; attempt <= LIST_RESTARTS_MAX; attempt += 1) {
    let value = start();
    let token: string | undefined;
    for (let pages = 1; ; pages += 1) {
      const page = await readPage(connection, path, { ...selectors, limit: LIST_PAGE_OBJECTS, continue: token });
      if (page === 'expired') break;
      if (page === null) {
        if (optional !== true || token !== undefined) throw notServed();
        return { value, complete: true };
      }
      for (const item of listAt(page.document, 'items')) value = fold(value, item as T);
      token = page.continue;
      if (token === undefined) return { value, complete: true };
      if (pages === pagesMax) return { value, complete: false };
    }
  }
  throw new Unavailable('the list kept expiring while it was read');
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
  const { value, complete } = await foldList<T, T[]>(
    connection,
    collectionPath(kind, namespace),
    { selectors, optional: kind.optional },
    () => [],
    (all, item) => {
      all.push(item);
      return all;
    },
  );
  if (!complete) throw new Unavailable('the namespace holds more objects than can be read at once');
  return value;
}

/** The first objects of one kind, and whether there are more. */
export async function listSome<T>(
  connection: ClusterConnection,
  kind: ResourceKind,
  namespace: string,
  limit: number,
  selectors: Selectors = {},
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const page = await readPage(connection, collectionPath(kind, namespace), { ...selectors, limit });
  if (page === 'expired') throw new Unavailable('the cluster did not understand a read');
  if (page === null) {
    if (kind.optional !== true) throw notServed();
    return { items: [], more: false };
  }
  return { items: listAt(page.document, 'items') as readonly T[], more: page.continue !== undefined };
}

const notServed = (): Unavailable => new Unavailable('the cluster does not serve a kind that every cluster serves');
