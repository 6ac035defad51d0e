/**
 * A whole object as an agent may see it: no bookkeeping of the API server, and none of the values in which secrets live, in whatever kind
 * they stand. Environment, annotations, data of ConfigMaps, values of charts and parameters are hidden by where they are, everything else by
 * what it looks like. What is hidden says so.
 */
import { isSecretFlag, isSecretName, type Json } from '@countersign/approvals';
import { SHOWN_DEPTH_MAX, SHOWN_LIST_ITEMS_MAX, SHOWN_MEMBERS_MAX, TEXT_CHARACTERS_MAX } from '../limits.ts';
import { isList, isObject, type JsonObject } from '../objects/json-at.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { redact } from '../redaction/redact.ts';
import { safeAnnotations, safeMessage } from './safe-text.ts';

export type Detail = 'concise' | 'detailed';

/** `metadata` of any object at any depth (pod templates have one of their own). */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'managedFields',
  'uid',
  'resourceVersion',
  'selfLink',
  'generateName',
]);
/** Maps and texts whose values are content: of ConfigMaps, of ControllerRevisions, of charts, of embedded templates. */
const CONTENT: ReadonlySet<string> = new Set([
  'data',
  'binaryData',
  'stringData',
  'values',
  'valuesContent',
  'rawValues',
]);
/** The object slim and without what must not be seen. Throws never; what cannot be judged is left out. */
export function shownObject(object: Json, detail: Detail): Json {
  const shallow = pruned(object, 0);
  const hidden = new Map(redact(shallow).map(({ path, reason }) => [path, reason]));
  return shown(shallow, { detail, hidden, pointer: '' });
}

/** Nothing behind this recurses deeper than it may: a CRD without a schema holds whatever somebody nests. */
function pruned(value: Json, depth: number): Json {
  if (value === null || typeof value !== 'object') return value;
  if (depth > SHOWN_DEPTH_MAX) return '[deeper than shown]';
  if (isList(value)) return value.map((item) => pruned(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, pruned(item, depth + 1)]));
}

interface Walk {
  readonly detail: Detail;
  readonly hidden: ReadonlyMap<string, string>;
  readonly pointer: string;
}

function shown(value: Json, walk: Walk): Json {
  const reason = walk.hidden.get(walk.pointer);
  if (reason !== undefined) return `[redacted: ${reason}]`;
  if (typeof value === 'string') return safeMessage(value);
  if (value === null || typeof value !== 'object') return value;
  return isList(value) ? shownList(value, walk) : shownMembers(value as JsonObject, walk);
}

const below = (walk: Walk, token: string): Walk => ({
  ...walk,
  pointer: `${walk.pointer}/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`,
});

function shownList(list: readonly Json[], walk: Walk): Json {
  let afterSecretFlag = false;
  const items = list.slice(0, SHOWN_LIST_ITEMS_MAX[walk.detail]).map((item, index) => {
    const hide = afterSecretFlag && typeof item === 'string';
    afterSecretFlag = typeof item === 'string' && isSecretFlag(item);
    return hide ? '[redacted: secret-like]' : shown(item, below(walk, String(index)));
  });
  return list.length > items.length ? [...items, `[${list.length - items.length} more]`] : items;
}

function shownMembers(object: JsonObject, walk: Walk): Json {
  const named = typeof object.name === 'string' && Object.hasOwn(object, 'value');
  const entries = Object.entries(object);
  const kept = entries.slice(0, SHOWN_MEMBERS_MAX).flatMap(([key, value]): [string, Json][] => {
    const member = neutralise(key, TEXT_CHARACTERS_MAX);
    // `{name, value}` is a variable, a parameter or a header: whatever it is called, its value is somebody's setting.
    if (named && key === 'value') return [[member, sizeOf(value)]];
    const found = shownMember(key, value, walk);
    return found === undefined ? [] : [[member, found]];
  });
  const left = entries.length - SHOWN_MEMBERS_MAX;
  return Object.fromEntries(left > 0 ? [...kept, ['[more]', `${left} more members`]] : kept);
}

/** Undefined: the member is left out. */
function shownMember(key: string, value: Json, walk: Walk): Json | undefined {
  const inMetadata = /(^|\/)metadata$/.test(walk.pointer);
  if (inMetadata && BOOKKEEPING.has(key)) return undefined;
  if (key === 'managedFields') return undefined;
  if (key === 'ownerReferences' && isList(value)) return value.map(ownerOf);
  if (key === 'annotations' && isObject(value)) return safeAnnotations(value);
  if (CONTENT.has(key) && (isObject(value) || typeof value === 'string')) return contentSizes(value);
  if (key === 'env' && isList(value) && walk.detail === 'concise') return variableNames(value);
  if (typeof value === 'string' && isSecretName(key)) return '[redacted: secret-like]';
  return shown(value, below(walk, key));
}

/** uid and apiVersion tell a reader nothing. */
function ownerOf(reference: Json): Json {
  const { kind, name, controller } = isObject(reference) ? reference : {};
  return { kind: safeMessage(String(kind)), name: safeMessage(String(name)), controller: controller === true };
}

const bytesOf = (value: Json): number => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
const sizeOf = (value: Json): string => `[redacted: ${bytesOf(value)} bytes]`;

function contentSizes(value: Json): Json {
  if (!isObject(value)) return sizeOf(value);
  const entries = Object.entries(value);
  const shownEntries = entries
    .slice(0, SHOWN_MEMBERS_MAX)
    .map(([key, item]): [string, Json] => [neutralise(key, TEXT_CHARACTERS_MAX), sizeOf(item)]);
  return Object.fromEntries(shownEntries);
}

/** `LOG_LEVEL`, `DB_PASSWORD from secretKeyRef db`: what a container is given, and from where. */
function variableNames(list: readonly Json[]): Json {
  const names = list.slice(0, SHOWN_LIST_ITEMS_MAX.concise).map((variable) => {
    const { name, valueFrom } = isObject(variable) ? variable : {};
    const [source, reference] = Object.entries(isObject(valueFrom) ? valueFrom : {})[0] ?? [];
    const from = isObject(reference) && typeof reference.name === 'string' ? ` ${reference.name}` : '';
    return safeMessage(`${String(name)}${source === undefined ? '' : ` from ${source}${from}`}`);
  });
  return list.length > names.length ? [...names, `[${list.length - names.length} more]`] : names;
}
