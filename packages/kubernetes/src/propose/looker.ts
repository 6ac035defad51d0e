/**
 * Looks at what lies around a target: each kind once a plan, page by page, and of each object only the few facts that are asked of it. What
 * could not be seen is said, never left out: a short list and a list cut short look alike.
 */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { foldList } from '../connection/list.ts';
import { Forbidden } from '../connection/read.ts';
import { LIST_PAGE_OBJECTS, SURROUNDINGS_PAGES_MAX } from '../limits.ts';
import { collectionPath, type ResourceKind } from '../objects/resource-kinds.ts';

/** A kind, and what of each of its objects is asked; undefined: nothing. */
export interface Asked<T> {
  readonly kind: ResourceKind;
  readonly pick: (object: Json) => T | undefined;
}
export interface Seen<T> {
  readonly found: readonly T[];
  /** Why there may be more; null where this is all. */
  readonly unseen: string | null;
}
/** Throws Unavailable where the cluster gives no answer: another try may see more. */
export type Looker = <T>(asked: Asked<T>) => Promise<Seen<T>>;

export function lookerAt(connection: ClusterConnection, namespace: string): Looker {
  const asked = new Map<unknown, Promise<Seen<unknown>>>();
  return <T>(what: Asked<T>) => {
    const known = asked.get(what) ?? look(connection, namespace, what);
    asked.set(what, known);
    return known as Promise<Seen<T>>;
  };
}

async function look<T>(connection: ClusterConnection, namespace: string, { kind, pick }: Asked<T>): Promise<Seen<T>> {
  try {
    const { value, complete } = await foldList<Json, T[]>(
      connection,
      collectionPath(kind, namespace),
      { pagesMax: SURROUNDINGS_PAGES_MAX, optional: kind.optional },
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
