/**
 * list_k8s_resources: one page of one kind. Objects are read in chunks and reduced to a line each, so that a namespace of ten thousand pods
 * costs the memory of a hundred. The answer ends at an entry, and its token goes on with the next one.
 */
import { type Json, pass, type Refusal, type Result, refuse, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { type Page, readPage, type Selectors } from '../connection/list.ts';
import { kindKey, type ServedKind } from '../discovery/served-kind.ts';
import { LIST_BYTES_MAX, LIST_CHUNK_OBJECTS, LIST_ENTRIES_MAX, LIST_ENTRY_BYTES_MAX } from '../limits.ts';
import { isObject, listAt, textAt } from '../objects/json-at.ts';
import { clusterCollectionPath, collectionPath } from '../objects/resource-kinds.ts';
import { unwrapContinue, wrapContinue } from './continue-token.ts';
import { eventJson, newestEvents } from './events.ts';
import { safeWord } from './safe-text.ts';
import type { Detail } from './shown-object.ts';
import { genericSummary, knownSummary } from './summaries/of-kind.ts';
import { TABLE_ACCEPT, tableRows } from './table-rows.ts';

export interface ListQuery extends Selectors {
  /** Absent for a kind that has none. */
  readonly namespace?: string | undefined;
  readonly limit: number;
  /** Of an earlier answer for the same kind, namespace and selectors. */
  readonly continue?: string | undefined;
  readonly detail: Detail;
}

export interface Listed {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string | null;
  readonly items: readonly Json[];
  /** How many are behind the last item, where the cluster counts them. */
  readonly remaining: number | null;
  readonly continue: string | null;
  /** Why there is more than was shown; null where there is not. `scan`: more events than are looked through. */
  readonly cut: 'limit' | 'bytes' | 'scan' | null;
}

export async function listResources(
  connection: ClusterConnection,
  kind: ServedKind,
  query: ListQuery,
): Promise<Result<Listed, Refusal>> {
  if (!kind.verbs.includes('list')) return refuse({ code: 'access.kind_denied', kind: kindKey(kind), why: 'verbs' });
  const namespace = query.namespace ?? null;
  const limit = Math.min(Math.max(query.limit, 1), LIST_ENTRIES_MAX);
  const about = { kind: kind.kind, apiVersion: kind.apiVersion, namespace };
  const { labelSelector, fieldSelector } = query;
  const set = { kind: `${kindKey(kind)} ${kind.version}`, namespace, labelSelector, fieldSelector };
  const start = query.continue === undefined ? undefined : unwrapContinue(set, query.continue);
  if (query.continue !== undefined && start === undefined) {
    return refuse({
      code: 'request.invalid',
      issues: ['continue: it was not given for this kind, namespace and selectors'],
    });
  }
  if (isEvents(kind) && namespace !== null) {
    return pass({ ...about, ...(await listEvents(connection, namespace, limit, { labelSelector, fieldSelector })) });
  }
  const read = await readEntries(pagesOf(connection, kind, namespace, query), start, limit);
  if (read === 'expired') return refuse({ code: 'request.continue_expired' });
  const { items, remaining, token, cut } = read;
  return pass({
    ...about,
    items,
    remaining,
    continue: token === undefined ? null : wrapContinue(set, token),
    cut: token === undefined ? null : cut,
  });
}

/** The core group's events and the newer shape of the same ones. */
const isEvents = (kind: ServedKind): boolean => ['events', 'events.events.k8s.io'].includes(kindKey(kind));

async function listEvents(
  connection: ClusterConnection,
  namespace: string,
  limit: number,
  selectors: Selectors,
): Promise<Pick<Listed, 'items' | 'remaining' | 'continue' | 'cut'>> {
  const found = await newestEvents(connection, namespace, limit, undefined, selectors);
  const all = found.events.map(eventJson);
  const items = all.slice(0, fitting(all, LIST_BYTES_MAX));
  const left = found.matched - items.length;
  const cut = !found.complete ? 'scan' : items.length < all.length ? 'bytes' : left > 0 ? 'limit' : null;
  return { items, remaining: left, continue: null, cut };
}

interface Entries extends Pick<Page, 'continue' | 'remaining'> {
  readonly entries: readonly Json[];
}
type ReadEntries = (limit: number, token: string | undefined) => Promise<Entries | 'expired'>;

/** One chunk of the list as entries. A kind of which nothing is known is asked for as the server's own Table. */
function pagesOf(
  connection: ClusterConnection,
  kind: ServedKind,
  namespace: string | null,
  { labelSelector, fieldSelector, detail }: ListQuery,
): ReadEntries {
  const known = knownSummary(kindKey(kind));
  const path = namespace === null ? clusterCollectionPath(kind) : collectionPath(kind, namespace);
  const table = known === undefined ? { includeObject: 'Metadata' } : {};
  const entryOf = known === undefined ? genericSummary : detail === 'concise' ? known.brief : known.full;
  return async (limit, token) => {
    const query = { labelSelector, fieldSelector, ...table, limit, continue: token };
    const page = await readPage(connection, path, query, known === undefined ? TABLE_ACCEPT : undefined);
    if (page === 'expired') return 'expired';
    if (page === null) throw new Unavailable('the cluster no longer serves the kind');
    const { document } = page;
    if (textAt(document, 'kind') === 'Table') {
      for (const row of listAt(document, 'rows')) assertWithin(namespace, isObject(row) ? row.object : undefined);
      return { ...page, entries: tableRows(document, detail) };
    }
    const items = listAt(document, 'items');
    for (const item of items) assertWithin(namespace, item);
    return { ...page, entries: items.map(entryOf) };
  };
}

/** Whatever a token or a server did: nothing of another namespace leaves. */
function assertWithin(namespace: string | null, object: Json | undefined): void {
  if (textAt(object, 'metadata', 'namespace') !== (namespace ?? undefined)) {
    throw new Unavailable('the cluster answered objects of another namespace');
  }
}

interface Read {
  readonly items: readonly Json[];
  readonly remaining: number | null;
  readonly token: string | undefined;
  readonly cut: 'limit' | 'bytes';
}

/** Chunk after chunk until `limit` entries or LIST_BYTES_MAX bytes; the last chunk is read again with as many as fit, so that its token is right. */
async function readEntries(read: ReadEntries, start: string | undefined, limit: number): Promise<Read | 'expired'> {
  const items: Json[] = [];
  let token = start;
  let left = LIST_BYTES_MAX;
  let remaining: number | null = null;
  for (;;) {
    const chunk = await readFitting(
      read,
      token,
      Math.min(limit - items.length, LIST_CHUNK_OBJECTS),
      left,
      items.length === 0,
    );
    if (chunk === 'expired') {
      if (items.length > 0) throw new Unavailable('the list expired while it was read');
      return 'expired';
    }
    // Nothing of it fits: the next answer begins here.
    if (chunk === 'full') return { items, remaining, token, cut: 'bytes' };
    items.push(...chunk.entries);
    left -= bytesOf(chunk.entries);
    remaining = chunk.remaining ?? null;
    token = chunk.continue;
    if (token === undefined || items.length >= limit) return { items, remaining, token, cut: 'limit' };
    if (chunk.cut) return { items, remaining, token, cut: 'bytes' };
  }
}

async function readFitting(
  read: ReadEntries,
  token: string | undefined,
  atMost: number,
  bytes: number,
  first: boolean,
): Promise<(Entries & { readonly cut: boolean }) | 'expired' | 'full'> {
  for (let count = atMost; ; ) {
    const page = await read(count, token);
    if (page === 'expired') return 'expired';
    const entries = page.entries.map(small);
    const fit = fitting(entries, bytes);
    if (fit === entries.length) return { ...page, entries, cut: count < atMost };
    if (fit === 0 && !first) return 'full';
    count = Math.max(1, fit);
  }
}

const bytesOf = (value: Json | readonly Json[]): number => Buffer.byteLength(JSON.stringify(value));

/** One entry that alone is larger than its share is told of by its name. LIST_ENTRY_BYTES_MAX is below LIST_BYTES_MAX: a first one always fits. */
function small(entry: Json): Json {
  const bytes = bytesOf(entry);
  if (bytes <= LIST_ENTRY_BYTES_MAX) return entry;
  return { name: safeWord(textAt(entry, 'name')), note: `${bytes} bytes; read it alone with get_k8s_resource` };
}

/** How many of the first entries fit. */
function fitting(entries: readonly Json[], bytes: number): number {
  let left = bytes;
  for (const [index, entry] of entries.entries()) {
    left -= bytesOf(entry) + 1;
    if (left < 0) return index;
  }
  return entries.length;
}
