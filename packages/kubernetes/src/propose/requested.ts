/** The asked-for field with the asked-for value; a webhook's other value at the same place is not what was asked for. */
import { canonicalize, type Json, type Operation } from '@countersign/approvals';
import jsonPatch, { type Operation as JsonPatchOperation } from 'fast-json-patch';
import { RESTARTED_AT } from '../change/patch-body.ts';
import { changeableKind } from '../objects/changeable-kinds.ts';
import { isList, isObject, listAt, textAt, valueAt } from '../objects/json-at.ts';

/** `to`: undefined where the change takes the field away. */
export type IsRequested = (tokens: readonly string[], to: Json | undefined) => boolean;

/** `live` and `after` in shown form. */
export function requestedBy(operation: Operation, live: Json, after: Json): IsRequested {
  const template = changeableKind(textAt(after, 'kind') ?? '')?.template ?? ['spec', 'template'];
  const at =
    (path: readonly string[], wanted: Json | undefined): IsRequested =>
    (tokens, to) =>
      samePath(tokens, path) && to === wanted;
  switch (operation.type) {
    case 'restart':
      return at([...template, 'metadata', 'annotations', RESTARTED_AT], operation.restartedAt);
    case 'scale':
      return at(['spec', 'replicas'], operation.replicas);
    case 'set-image':
      return (tokens, to) => {
        const [index = '', member] = tokens.slice(-2);
        const path = [...template, 'spec', 'containers', index, 'image'];
        const container =
          member === 'image' && samePath(tokens, path) ? valueAt(after, ...tokens.slice(0, -1)) : undefined;
        return textAt(container, 'name') === operation.container && to === operation.image;
      };
    case 'label':
      return inMap('labels', operation.labels);
    case 'annotate':
      return inMap('annotations', operation.annotations);
    case 'patch':
      return operation.patchType === 'strategic'
        ? namedBy(operation.patch, after)
        : madeBy(patched(operation.patchType, live, operation.patch));
    case 'apply':
      return namedBy(operation.manifest, after);
    case 'rollback':
      return (tokens, to) =>
        samePath(tokens.slice(0, template.length), template) &&
        same(valueAt(operation.template, ...tokens.slice(template.length)), to);
    case 'delete':
      return () => true;
  }
}

const samePath = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((token, at) => token === b[at]);

const same = (a: Json | undefined, b: Json | undefined): boolean =>
  a === undefined || b === undefined ? a === b : canonicalize(a) === canonicalize(b);

const inMap =
  (map: string, entries: Readonly<Record<string, string | null>>): IsRequested =>
  (tokens, to) => {
    const [top, second, key = ''] = tokens;
    const asked = tokens.length === 3 && top === 'metadata' && second === map && Object.hasOwn(entries, key);
    return asked && (entries[key] ?? undefined) === to;
  };

/** What the patch itself makes of the live object; what else is there came from somewhere else. */
const madeBy =
  (made: Json | undefined): IsRequested =>
  (tokens, to) =>
    made !== undefined && same(valueAt(made, ...tokens), to);

/** Undefined where the patch does not go on the shown object: then nothing counts as asked for. */
function patched(type: 'json' | 'merge', live: Json, patch: Json): Json | undefined {
  if (type === 'merge') return merged(live, patch);
  try {
    const operations = structuredClone(patch) as unknown as JsonPatchOperation[];
    return jsonPatch.applyPatch(structuredClone(live), operations, true, false, true).newDocument;
  } catch {
    return undefined;
  }
}

/** RFC 7396. */
function merged(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [member, value] of Object.entries(patch)) {
    if (value === null) members.delete(member);
    else members.set(member, merged(members.get(member) ?? null, value));
  }
  return Object.fromEntries(members);
}

/** By which member the API merges the items of its lists; the first that an item has tells it from the others. */
const MERGE_KEYS = ['name', 'mountPath', 'devicePath', 'containerPort', 'port', 'topologyKey', 'ip', 'key', 'type'];

/** The document names the field, its lists' items found by their merge keys, and gives it that value. Null takes away. */
const namedBy =
  (document: Json, after: Json): IsRequested =>
  (tokens, to) => {
    let [named, real]: [Json | undefined, Json | undefined] = [document, after];
    for (const token of tokens) {
      const inner = valueAt(real, token);
      named = isList(named) ? itemLike(named, inner) : valueAt(named, token);
      real = inner;
    }
    return named !== undefined && same(named === null ? undefined : named, to);
  };

function itemLike(list: readonly Json[], item: Json | undefined): Json | undefined {
  if (!isObject(item)) return list.find((candidate) => same(candidate, item));
  const key = MERGE_KEYS.find((member) => Object.hasOwn(item, member));
  return key === undefined
    ? list.find((candidate) => same(candidate, item))
    : listAt(list).find((candidate) => same(valueAt(candidate, key), item[key]));
}
