import { isRecord, type JsonRecord } from '../json/record.ts';
import { StatusError } from '../store/status-error.ts';

export interface KeyedMerge {
  readonly key: string;
  readonly field: string;
  /** The value of `$setElementOrder/<field>`, if the patch has one. */
  readonly order: unknown;
  readonly mergeElement: (target: JsonRecord, patch: JsonRecord) => JsonRecord;
}

/**
 * Merges a list of objects by key. `$patch: delete` removes the element with that key, a lone `$patch: replace` drops all that the patch does not
 * bring.
 */
export function mergeKeyedList(existing: readonly unknown[], patch: readonly unknown[], merge: KeyedMerge): unknown[] {
  const elements = patch.map((element) => {
    if (!isRecord(element)) throw broken(`${merge.field} must be a list of objects`);
    return element;
  });
  const replaces = elements.some((element) => element.$patch === 'replace');
  const result: JsonRecord[] = replaces ? [] : existing.filter(isRecord);
  for (const element of elements) {
    if (element.$patch === 'replace' && element[merge.key] === undefined) continue;
    const key = element[merge.key];
    if (key === undefined)
      throw broken(`an element of ${merge.field} does not contain declared merge key: ${merge.key}`);
    const index = result.findIndex((candidate) => candidate[merge.key] === key);
    if (element.$patch === 'delete') {
      if (index !== -1) result.splice(index, 1);
    } else if (index === -1) {
      result.push(merge.mergeElement({}, element));
    } else {
      result[index] = merge.mergeElement(result[index] ?? {}, element);
    }
  }
  const keyOf = (element: unknown): unknown => (isRecord(element) ? element[merge.key] : undefined);
  const named = (Array.isArray(merge.order) ? merge.order : elements).map(keyOf);
  return merged(result, named, existing.map(keyOf), keyOf);
}

/**
 * The real server's order: elements that the patch names, in its order, and those that only the object has, in the object's, are merged like
 * two sorted lists. Two that the object had both keep their order there; before what it did not have, what the patch names goes first.
 */
function merged<T>(
  elements: readonly T[],
  named: readonly unknown[],
  had: readonly unknown[],
  keyOf: (element: T) => unknown,
): T[] {
  const patched = named.flatMap((key) => elements.filter((element) => keyOf(element) === key));
  const others = elements.filter((element) => !named.includes(keyOf(element)));
  const result: T[] = [];
  for (;;) {
    const [other, next] = [others[0], patched[0]];
    if (other === undefined || next === undefined) return [...result, ...others, ...patched];
    const [left, right] = [had.indexOf(keyOf(other)), had.indexOf(keyOf(next))];
    const otherFirst = left >= 0 && right >= 0 && left < right;
    result.push(...(otherFirst ? others : patched).splice(0, 1));
  }
}

/** Merges a list of scalars as a set. */
export function mergeSet(
  existing: readonly unknown[],
  added: readonly unknown[],
  removed: unknown,
  order: unknown,
): unknown[] {
  const gone = Array.isArray(removed) ? removed : [];
  const result = [...existing.filter((element) => !gone.includes(element))];
  for (const element of added) if (!result.includes(element)) result.push(element);
  return Array.isArray(order) ? inOrder(result, order, (element) => element) : result;
}

/**
 * The elements in the wanted order. What the order does not name (somebody else added it) keeps its place relative to the named element
 * that it stood behind.
 */
function inOrder<T>(elements: readonly T[], wanted: readonly unknown[], keyOf: (element: T) => unknown): T[] {
  const named = wanted.flatMap((key) => elements.filter((element) => keyOf(element) === key));
  const result = [...named];
  elements.forEach((element, index) => {
    if (wanted.includes(keyOf(element))) return;
    const before = elements[index - 1];
    const at = before === undefined ? 0 : result.indexOf(before) + 1;
    result.splice(at, 0, element);
  });
  return result;
}

function broken(why: string): StatusError {
  return new StatusError('BadRequest', `the strategic merge patch is malformed: ${why}`);
}
