/**
 * Looks at what lies around a target: each kind once a plan, page by page, and of each object only the few facts that are asked of it. What
 * could not be seen is said, never left out: a short list and a list cut short look alike.
 */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { foldList, type Selectors } from '../connection/list.ts';
import { Forbidden } from '../connection/read.ts';
import { LIST_PAGE_OBJECTS, SURROUNDINGS_PAGES_MAX } from '../limits.ts';
import { collectionPath, type ResourceKind } from '../objects/resource-kinds.ts';

/** A kind, and what of each of its objects is asked; undefined: nothing. */
export interface Asked<T> {
  readonly kind: ResourceKind;
  readonly pick: (object: Json) => T | undefined;
  /** Narrows the list at the server: in a namespace with thousands of pods a workload's own are still few. */
  readonly selectors?: Selectors;
}
export interface Seen<T> {
  readonly found: readonly T[];
  /** Why there may be more; null where this is all. */
  readonly unseen: string | null;
}
/** Throws Unavailable where the cluster gives no answer: another try may see more. */
export type Looker = <T>(asked: Asked<T>) => Promise<Seen<T>>;

export function lookerAt(connection: ClusterConnection, namespace: string): Looker {
  const looks = new Map<unknown, Map<string, Promise<Seen<unknown>>>>();
  return <T>(asked: Asked<T>) => {
    const { labelSelector = '', fieldSelector = '' } = asked.selectors ?? {};
    const key = `${labelSelector}&${fieldSelector}`;
    const bySelector = looks.get(asked.pick) ?? new Map<string, Promise<Seen<unknown>>>();
    looks.set(asked.pick, bySelector);
    const seen = bySelector.get(key) ?? look(connection, namespace, asked);
    bySelector.set(key, seen);
    return seen as Promise<Seen<T>>;
  };
}

async function look<T>(
  connection: ClusterConnection,
  namespace: string,
  { kind, pick, selectors = {} }: Asked<T>,
): Promise<Seen<T>> {
  try {
    const { value, complete } = await foldList<Json, T[]>(
      connection,
      collectionPath(kind, namespace),
      { selectors, pagesMax: SURROUNDINGS_PAGES_MAX, optional: kind.optional },
      () => [],
      (all, object) => {
        const picked = pick(object);
        if (picked !== undefined) all.push(picked);
        return all;
      },
    );
    const looked = SURROUNDINGS_PAGES_MAX * LIST_PAGE_OBJECTS;
    return { found: value, unseen: complete ? null : `there are more than ${looked} ${kind.plural}` };
  } catch (error) {
    if (!(error instanceof Forbidden)) throw error;
    return { found: [], unseen: `${kind.plural}: the cluster refused to list them` };
  }
}
