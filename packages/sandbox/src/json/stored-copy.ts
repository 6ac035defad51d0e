/**
 * A deeply frozen copy of what JSON would carry of `value` (members that are undefined vanish, as they would on the wire).
 * The store hands the same object to every reader, so nobody may be able to change it.
 */
export function storedCopy<T>(value: T): T {
  return freeze(JSON.parse(JSON.stringify(value)) as T);
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}
