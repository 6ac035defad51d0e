import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '../json/record.ts';
import { decoded } from '../schema/decode.ts';
import type { Schema } from '../schema/schema.ts';
import { withoutChanged } from './after-update.ts';
import { compare } from './compare.ts';
import { configurationFields } from './configuration-fields.ts';
import { difference, type FieldSet, intersection, union } from './field-set.ts';
import { entriesOf, identityOf, type Manager, managersOf } from './managers.ts';
import { merge } from './merge.ts';
import { ownable, ownablePaths, type Part } from './ownable.ts';
import { removeFields, withFieldsAbove } from './remove.ts';

export interface Apply {
  /** The object as it is; for a create the empty one, {}. */
  readonly live: JsonRecord;
  /** What the applier wants, and nothing else. */
  readonly configuration: JsonRecord;
  readonly entries: readonly unknown[];
  readonly schema: Schema;
  readonly part: Part;
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource: string;
  readonly force: boolean;
  /** RFC 3339 to the second. */
  readonly time: string;
}

/** A field that the configuration would change and that is somebody else's. */
export interface Conflict {
  readonly owner: Manager;
  readonly path: string;
}

export type Applied =
  | { readonly type: 'applied'; readonly object: JsonRecord; readonly entries: JsonRecord[] }
  | { readonly type: 'conflicts'; readonly conflicts: readonly Conflict[] };

/**
 * Server-side apply: the configuration laid over the live object, without what the applier stated the last time and nobody states any more. Whoever else owns a
 * field that changes is a conflict, or with force loses it; who states an equal value shares it. Throws ConfigurationError.
 */
export function apply(wanted: Apply): Applied {
  const { live, configuration, schema, part } = wanted;
  const before = managersOf(wanted.entries) ?? new Map<string, Manager>();
  const own = { ...wanted, operation: 'Apply' as const, time: undefined };
  const identity = identityOf(own);
  const last = before.get(identity)?.fields;
  const stated = configurationFields(configuration, schema);
  const fields = ownablePaths(stated, part);
  const managers = new Map(before).set(identity, { ...own, fields });

  const merged = merge(live, configuration, schema);
  // Nobody owns a name, but who states it keeps the metadata around it.
  const owned = union(stated, ...[...managers.values()].map((one) => one.fields));
  const next = prune(merged, owned, last, schema);
  // Judged as it was stated: an empty list in place of another's is a change of it, although the stored object then has none.
  const changes = ownable(compare(live, next, schema), part);
  const touched = union(changes.added, changes.modified);
  const conflicts = [...managers].flatMap(([other, owner]) =>
    other === identity ? [] : [...intersection(owner.fields, touched)].sort().map((path) => ({ owner, path })),
  );
  if (conflicts.length > 0 && !wanted.force) return { type: 'conflicts', conflicts: conflicts.sort(byOwner) };

  const others = new Map([...managers].filter(([other]) => other !== identity));
  const isChange = !isDeepStrictEqual(next, live);
  const mine: Manager = { ...own, time: isChange ? wanted.time : before.get(identity)?.time, fields };
  const after = withoutChanged(others, changes).set(identity, mine);
  return { type: 'applied', object: asObject(decoded(next, schema, () => {})), entries: entriesOf(after) };
}

/** Takes out what the applier stated last time and nobody owns now; what it never stated stays. */
function prune(merged: unknown, owned: FieldSet, last: FieldSet | undefined, schema: Schema): unknown {
  if (last === undefined || last.size === 0) return merged;
  const stated = withFieldsAbove(last, schema);
  const whole = withFieldsAbove(fieldsOf(merged, schema), schema);
  const bare = withFieldsAbove(fieldsOf(removeFields(merged, stated, schema), schema), schema);
  const kept = removeFields(merged, difference(whole, union(bare, withFieldsAbove(owned, schema))), schema);
  const left = withFieldsAbove(fieldsOf(kept, schema), schema);
  return removeFields(merged, intersection(difference(whole, left), stated), schema);
}

/** The fields of an object that is stored already: what does not fit its type there is nobody's concern here. */
function fieldsOf(value: unknown, schema: Schema): Set<string> {
  return compare(undefined, value, schema).added;
}

function asObject(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

function byOwner(a: Conflict, b: Conflict): number {
  return a.owner.manager < b.owner.manager ? -1 : a.owner.manager > b.owner.manager ? 1 : 0;
}
