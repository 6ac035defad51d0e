/** Where two JSON values differ: a JSON pointer (RFC 6901) per difference, to the deepest value that both have or one lacks. */
import { type Json, pointerOf } from '@countersign/approvals';
import { CHANGED_PATHS_MAX } from '../limits.ts';
import { isList, isObject } from './json-at.ts';

export interface Difference {
  readonly tokens: readonly string[];
  /** Undefined where the side has no such value. */
  readonly from: Json | undefined;
  readonly to: Json | undefined;
}

/** At most CHANGED_PATHS_MAX pointers; empty only where the values are equal. Lists are compared by position. */
export function changedPaths(a: Json, b: Json): readonly string[] {
  const paths: string[] = [];
  for (const { tokens } of differences(a, b, [])) {
    if (paths.length === CHANGED_PATHS_MAX) break;
    paths.push(pointerOf(tokens));
  }
  return paths;
}

/** Lazily, so that a caller who wants few of many differences pays for few. */
export function* differences(
  from: Json | undefined,
  to: Json | undefined,
  tokens: readonly string[] = [],
): Generator<Difference> {
  if (isList(from) && isList(to)) {
    for (let at = 0; at < Math.max(from.length, to.length); at += 1) {
      yield* differences(from[at], to[at], [...tokens, String(at)]);
    }
    return;
  }
  if (isObject(from) && isObject(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      const [before, after] = [ownOf(from, key), ownOf(to, key)];
      yield* differences(before, after, [...tokens, key]);
    }
    return;
  }
  // Not Object.is: it tells 0 from -0, which RFC 8785 writes alike.
  if (from !== to) yield { tokens, from, to };
}

const ownOf = (object: { readonly [key: string]: Json }, key: string): Json | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;
