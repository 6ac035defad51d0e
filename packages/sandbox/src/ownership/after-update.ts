import type { JsonRecord } from '../json/record.ts';
import { updateManagersMax } from '../limits.ts';
import type { Schema } from '../schema/schema.ts';
import { type Comparison, compare } from './compare.ts';
import { difference, union } from './field-set.ts';
import { capUpdaters, entriesOf, identityOf, type Manager, type Managers, managersOf } from './managers.ts';
import { ownable, type Part } from './ownable.ts';

export interface Update {
  /** The object before the write; undefined for a create. */
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord;
  /** metadata.managedFields before the write. */
  readonly entries: readonly unknown[];
  readonly schema: Schema;
  readonly part: Part;
  readonly manager: string;
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** RFC 3339 to the second. */
  readonly time: string;
}

/**
 * metadata.managedFields after a create, update or patch: the writer takes over what it changed, from everybody, and everybody loses what it removed. An
 * entry that the write did not touch keeps its time. Entries that nobody can read count for nothing, as in the API server.
 */
export function entriesAfterUpdate(update: Update): JsonRecord[] {
  const { before, after, schema, part } = update;
  // A new object is compared with the empty one of its type, so that nobody owns what is always there.
  const changes = ownable(compare(before ?? {}, after, schema), part);
  const managers = withoutChanged(managersOf(update.entries) ?? new Map(), changes);
  const own = { ...update, operation: 'Update' as const };
  const taken = union(changes.added, changes.modified);
  const held = managers.get(identityOf(own));
  if (taken.size > 0) managers.set(identityOf(own), { ...own, fields: union(held?.fields ?? new Set(), taken) });
  return entriesOf(capUpdaters(managers, updateManagersMax));
}

/** Nobody keeps a field whose value somebody else has changed, or that is gone. */
export function withoutChanged(managers: Managers, { added, modified, removed }: Comparison): Map<string, Manager> {
  const lost = union(added, modified, removed);
  const left = [...managers].map(([identity, one]): [string, Manager] => [
    identity,
    { ...one, fields: difference(one.fields, lost) },
  ]);
  return new Map(left.filter(([, { fields }]) => fields.size > 0));
}
