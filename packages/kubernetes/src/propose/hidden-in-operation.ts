/**
 * Whether what somebody asks for spells out a value that reviewers are not shown. The intent is shown whole, so such a value would be
 * shown with it; a manifest or template alone may hold hidden leaves, by commitment (propose/operation-leaves.ts).
 */
import { type Json, type Operation, tokensOf } from '@countersign/approvals';
import { isObject, listAt, textAt } from '../objects/json-at.ts';
import { redact } from '../redaction/redact.ts';

/** JSON pointers into the object, sorted. Empty: nothing is hidden in it. */
export function hiddenInOperation(operation: Operation): readonly string[] {
  switch (operation.type) {
    case 'label':
      return pathsOf({ metadata: { labels: operation.labels } });
    case 'annotate':
      return pathsOf({ metadata: { annotations: operation.annotations } });
    case 'patch':
      return operation.patchType === 'json' ? hiddenInJsonPatch(operation.patch) : pathsOf(operation.patch);
    default:
      return [];
  }
}

const pathsOf = (object: Json): readonly string[] => redact(object).map(({ path }) => path);

/** Each value is looked at where it would come to stand. */
const hiddenInJsonPatch = (patch: Json): readonly string[] =>
  listAt(patch).flatMap((item) => {
    if (!isObject(item) || !Object.hasOwn(item, 'value')) return [];
    return pathsOf(placed(tokensOf(textAt(item, 'path') ?? ''), item.value ?? null));
  });

/** Members whose keys people choose: there, `0` is a key. */
const MAPS: ReadonlySet<string> = new Set(['labels', 'annotations', 'matchLabels', 'data', 'binaryData']);

/** An object that has nothing but the value at its place. An index becomes the first of a list: redaction goes by names, not by position. */
function placed([token, ...rest]: readonly string[], value: Json, parent = ''): Json {
  if (token === undefined) return value;
  const inner = placed(rest, value, token);
  const isIndex = (token === '-' || /^\d+$/.test(token)) && !MAPS.has(parent);
  return isIndex ? [inner] : { [token]: inner };
}

/**
 * Hidden leaves of the live object that a JSON patch names, holds or lies within: a `test` would guess at them, a `copy` would spread
 * them, a `move` of what is in front of them would shift them under another name.
 */
export function hiddenInReach(patch: Json, live: Json): readonly string[] {
  const hidden = redact(live).map(({ path }) => path);
  const named = listAt(patch).flatMap((item) => ['path', 'from'].flatMap((member) => textAt(item, member) ?? []));
  return hidden.filter((leaf) => named.some((path) => within(leaf, path) || within(path, leaf)));
}

const within = (inner: string, outer: string): boolean => {
  const [a, b] = [tokensOf(inner), tokensOf(outer)];
  return b.every((token, at) => a[at] === token);
};
