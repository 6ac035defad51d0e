/**
 * What an expression sees: plain data, as maps, whole numbers as CEL's int. Values that reviewers are not shown are not shown to it either,
 * so that it says the same of an object in raw and in shown form, and no rule can be used to guess a secret.
 */
import {
  canonicalize,
  type Json,
  type Operation,
  pointerOf,
  type Requester,
  type Target,
} from '@countersign/approvals';
import { isList, isObject } from '../../objects/json-at.ts';
import { redact } from '../../redaction/redact.ts';
import { groupOf } from '../kind-names.ts';

export type CelValue = string | number | bigint | boolean | null | readonly CelValue[] | ReadonlyMap<string, CelValue>;

/** What stands in the place of a hidden value. */
const HIDDEN = '(hidden)';
const COMMITMENT = 'countersign.dev/redacted';

export function celObject(object: Json): CelValue {
  const hidden = new Set(redact(object).map(({ path }) => path));
  return celValue(object, (tokens) => hidden.has(pointerOf(tokens)));
}

/** What the operation says in scalars. Its patch, manifest or template speaks through the object that the dry run made of it. */
export const celOperation = (operation: Operation): CelValue =>
  celValue(
    Object.fromEntries(
      Object.entries(operation).filter(
        ([key, value]) => key === 'labels' || value === null || typeof value !== 'object',
      ),
    ) as Json,
  );

export const celTarget = ({ apiVersion, kind, namespace, name }: Omit<Target, 'uid'>): CelValue =>
  celValue({ apiVersion, kind, group: groupOf({ apiVersion, kind }), namespace, name });

export const celRequester = (requester: Requester | undefined): CelValue =>
  requester === undefined ? null : celValue({ kind: requester.kind, id: requester.id, owner: requester.owner });

function celValue(
  value: Json,
  isHidden: (tokens: readonly string[]) => boolean = () => false,
  tokens: readonly string[] = [],
): CelValue {
  if (isHidden(tokens) || (isObject(value) && Object.hasOwn(value, COMMITMENT))) return HIDDEN;
  if (isList(value)) return value.map((item, at) => celValue(item, isHidden, [...tokens, String(at)]));
  if (isObject(value)) {
    return new Map(Object.entries(value).map(([key, item]) => [key, celValue(item, isHidden, [...tokens, key])]));
  }
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Bytes of a value and its longest list or map: what an evaluation costs grows with both. */
export function extentOf(object: Json): { readonly bytes: number; readonly longest: number } {
  let longest = 0;
  const walk = (value: Json): void => {
    const members = isList(value) ? value : isObject(value) ? Object.values(value) : [];
    longest = Math.max(longest, members.length);
    for (const member of members) walk(member);
  };
  walk(object);
  return { bytes: Buffer.byteLength(canonicalize(object), 'utf8'), longest };
}
