/**
 * Canonical JSON (RFC 8785, JCS). Digests and seals are over these bytes, so that anybody can recompute them in any language.
 * No I/O, no clock. Throws NotCanonicalizable for what JSON cannot say exactly.
 */
import serialize from 'canonicalize';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export class NotCanonicalizable extends Error {
  override readonly name = 'NotCanonicalizable';
}

/** The canonical text of a JSON value. Integers beyond 2^53 and lone surrogates are refused: two readers could read them differently (RFC 8785 section 3.2.2, RFC 7493 section 2). */
export function canonicalize(value: unknown): string {
  assertExact(value, 0);
  const text = serialize(value);
  if (text === undefined) throw new NotCanonicalizable('the value has no JSON form');
  return text;
}

/**
 * Reads stored bytes back. Only the canonical form is accepted: duplicate keys, other spellings and trailing text would let the
 * bytes that were digested and the value that is used differ (RFC 8785 section 1).
 */
export function parseCanonical(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new NotCanonicalizable('the text is not JSON');
  }
  if (canonicalize(value) !== text) throw new NotCanonicalizable('the text is not in canonical form');
  return value;
}

const DEPTH_MAX = 64;

function assertExact(value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new NotCanonicalizable(`nested deeper than ${DEPTH_MAX}`);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') {
    assertWellFormed(value);
    return;
  }
  if (typeof value === 'number') {
    assertExactNumber(value);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) assertExact(item, depth + 1);
    return;
  }
  if (typeof value === 'object' && isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      assertWellFormed(key);
      if (item === undefined) throw new NotCanonicalizable(`the member ${JSON.stringify(key)} has no value`);
      assertExact(item, depth + 1);
    }
    return;
  }
  throw new NotCanonicalizable(`a ${typeof value} has no JSON form`);
}

function assertWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new NotCanonicalizable('a string holds a lone surrogate');
}

function assertExactNumber(value: number): void {
  if (!Number.isFinite(value)) throw new NotCanonicalizable('a number is not finite');
  if (Number.isInteger(value) && !Number.isSafeInteger(value))
    throw new NotCanonicalizable('an integer is beyond 2^53');
}

/** Class instances carry toJSON and getters, with which the digested text and the used value could differ. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
