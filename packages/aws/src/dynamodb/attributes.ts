/**
 * JSON <-> DynamoDB attribute values. Reading is a parse of what somebody else may have written: sets, binaries, numbers that a
 * JavaScript number cannot hold and `__proto__` members never become part of a record.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Json } from '@countersign/approvals';

export type Item = Record<string, AttributeValue>;

export class NotJson extends Error {
  override readonly name = 'NotJson';
}

export function toAttribute(value: Json): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isList(value)) return { L: value.map(toAttribute) };
  return { M: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toAttribute(member)])) };
}

/** A record as an item: one attribute a member. */
export const toItem = (record: Readonly<Record<string, Json>>): Item =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, toAttribute(value)]));

/** Throws NotJson. */
export function fromAttribute(value: AttributeValue): Json {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return fromNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(fromAttribute);
  // fromEntries defines own members: a stored `__proto__` stays an (unknown) name and changes no prototype.
  if (value.M !== undefined)
    return Object.fromEntries(Object.entries(value.M).map(([n, member]) => [n, fromAttribute(member)]));
  throw new NotJson('a set or binary is no JSON');
}

/** Throws NotJson. */
export const fromItem = (item: Item): Record<string, Json> =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, fromAttribute(value)]));

function fromNumber(text: string): number {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new NotJson('a number is not finite');
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) throw new NotJson('an integer is beyond 2^53');
  return number;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Bytes as DynamoDB counts them: names and values in UTF-8; a little more for nested values and numbers. */
export const itemBytes = (item: Item): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name, 'utf8') + attributeBytes(value), 0);

function attributeBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S, 'utf8');
  if (value.N !== undefined) return value.N.length + 1;
  if (value.L !== undefined) return value.L.reduce((sum, member) => sum + attributeBytes(member) + 1, 3);
  if (value.M !== undefined) return itemBytes(value.M) + Object.keys(value.M).length + 3;
  return 1;
}
