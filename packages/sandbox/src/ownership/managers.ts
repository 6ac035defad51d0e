import { isRecord, type JsonRecord, stringAt } from '../json/record.ts';
import { type FieldSet, fieldSetOfV1, fieldsV1Of, isSame, union } from './field-set.ts';

export type Operation = 'Apply' | 'Update';

/** Who owns which fields of an object: one entry of metadata.managedFields. */
export interface Manager {
  readonly manager: string;
  readonly operation: Operation;
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** RFC 3339 to the second; an apply that changed nothing writes none. */
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** By identity: who writes in two ways (by apply and by update, to the object and to a subresource) is two managers. */
export type Managers = ReadonlyMap<string, Manager>;

export function identityOf(manager: Pick<Manager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  const version = manager.operation === 'Apply' ? '' : manager.apiVersion;
  return JSON.stringify([manager.manager, manager.operation, version, manager.subresource]);
}

/** The entries of an object; undefined where they are not readable as such. */
export function managersOf(entries: unknown): Managers | undefined {
  if (!Array.isArray(entries)) return undefined;
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    const read = readEntry(entry);
    if (read === undefined) return undefined;
    managers.set(identityOf(read), read);
  }
  return managers;
}

function readEntry(entry: unknown): Manager | undefined {
  if (!isRecord(entry) || entry.fieldsType !== 'FieldsV1') return undefined;
  const { operation } = entry;
  const apiVersion = stringAt(entry, 'apiVersion') ?? '';
  const fields = fieldSetOfV1(entry.fieldsV1 ?? {});
  if ((operation !== 'Apply' && operation !== 'Update') || apiVersion === '' || fields === undefined) return undefined;
  return {
    manager: stringAt(entry, 'manager') ?? '',
    operation,
    apiVersion,
    subresource: stringAt(entry, 'subresource') ?? '',
    time: stringAt(entry, 'time'),
    fields,
  };
}

/** metadata.managedFields, in the API server's order; managers that own nothing are left out. */
export function entriesOf(managers: Managers): JsonRecord[] {
  return [...managers.values()]
    .filter(({ fields }) => fields.size > 0)
    .sort(inOrder)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: fieldsV1Of(fields),
      ...(subresource === '' ? {} : { subresource }),
    }));
}

function inOrder(a: Manager, b: Manager): number {
  const keys = (one: Manager) => [one.operation, one.time ?? '', one.manager, one.apiVersion, one.subresource];
  const [left, right] = [keys(a), keys(b)];
  const at = left.findIndex((key, index) => key !== right[index]);
  return at === -1 ? 0 : (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}

/** Whether both say the same, times left out: who repeats a write changes nothing. */
export function saysSame(a: unknown, b: unknown): boolean {
  const [left, right] = [managersOf(a ?? []), managersOf(b ?? [])];
  if (left === undefined || right === undefined || left.size !== right.size) return false;
  return [...left].every(([identity, one]) => {
    const other = right.get(identity);
    return other !== undefined && other.apiVersion === one.apiVersion && isSame(one.fields, other.fields);
  });
}

/** The oldest updaters become one, `ancient-changes`, when there are more than `limit` of them. */
export function capUpdaters(managers: Managers, limit: number): Managers {
  const updaters = [...managers].filter(([, one]) => one.operation === 'Update');
  if (updaters.length <= limit) return managers;
  const oldest = updaters
    .sort(([a, one], [b, other]) => (`${one.time ?? ''} ${a}` < `${other.time ?? ''} ${b}` ? -1 : 1))
    .slice(0, updaters.length - limit + 1);
  const capped = new Map(managers);
  for (const [identity, one] of oldest) {
    const bucket = {
      manager: 'ancient-changes',
      operation: 'Update',
      apiVersion: one.apiVersion,
      subresource: '',
    } as const;
    capped.delete(identity);
    const before = capped.get(identityOf(bucket));
    const fields = before === undefined ? one.fields : union(before.fields, one.fields);
    capped.set(identityOf(bucket), { ...bucket, time: one.time, fields });
  }
  return capped;
}
