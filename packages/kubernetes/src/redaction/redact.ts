/**
 * Which leaves of an object are hidden from everybody but propose and execute. The rest is shown as it is. Any kind, custom ones
 * included: names decide, and what the texts hold. No leaf that a deny rule reads is ever hidden: images, security contexts, volumes
 * and replicas stay visible, whatever they look like. Pure, and the same for the same object: the executor must find the same leaves.
 */
import {
  CHECKED_CHARACTERS_MAX,
  findSecrets,
  isAuthName,
  isHarmlessName,
  isHarmlessValue,
  isSecretFlag,
  isSecretName,
  type Json,
  MARK_ANNOTATIONS,
  onlyPoints,
  pointerOf,
  type Redaction,
} from '@countersign/approvals';
import { OBJECT_DEPTH_MAX } from '../limits.ts';
import { isList, isObject, type JsonObject, objectAt, textAt } from '../objects/json-at.ts';

export interface HiddenLeaf {
  /** RFC 6901. A leaf may be a whole list or mapping, where nothing in it can be told apart. */
  readonly path: string;
  readonly reason: Redaction['reason'];
}

type Reason = HiddenLeaf['reason'];
type Path = readonly string[];

interface Walk {
  readonly hidden: Map<string, Reason>;
  charactersLeft: number;
}

/** Sorted by path, one entry per leaf, none below another. */
export function redact(object: Json): readonly HiddenLeaf[] {
  const walk: Walk = { hidden: new Map(), charactersLeft: CHECKED_CHARACTERS_MAX };
  look(object, [], walk);
  return [...walk.hidden].map(([path, reason]) => ({ path, reason })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function hide(value: Json, path: Path, reason: Reason, { hidden }: Walk): void {
  if (!isCommitment(value)) hidden.set(pointerOf(path), reason);
}

function look(value: Json, path: Path, walk: Walk): void {
  if (path.length > OBJECT_DEPTH_MAX) hide(value, path, 'not-checked', walk);
  else if (typeof value === 'string') {
    const reason = reasonOf(value, walk);
    if (reason !== undefined) hide(value, path, reason, walk);
  } else if (isList(value)) {
    for (const [at, item] of value.entries()) look(item, [...path, String(at)], walk);
  } else if (isObject(value) && !isCommitment(value)) lookInObject(value, path, walk);
}

/** Why this text must be hidden, if it must: by its shape, by a name within it, or because nobody could check it. */
function reasonOf(text: string, walk: Walk): Reason | undefined {
  walk.charactersLeft -= text.length;
  if (walk.charactersLeft < 0) return 'not-checked';
  try {
    const { secrets } = findSecrets(text);
    if (secrets.length === 0) return undefined;
    return secrets.every(({ shape }) => shape === 'named-secret') ? 'secret-like' : 'token-like';
  } catch {
    return 'not-checked';
  }
}

/** Members that a rule or a reader must see; managedFields holds names of fields alone. */
const NEVER_HIDDEN: ReadonlySet<string> = new Set([
  'image',
  'managedFields',
  'securityContext',
  'hostPath',
  'resources',
  'matchLabels',
]);
/** Names of things, where they are spelt as names. */
const NAMING: ReadonlySet<string> = new Set(['name', 'namespace', 'uid', 'kind', 'apiVersion']);
const NAME = /^[A-Za-z0-9._/-]{1,253}$/;
/** Annotations that the system itself writes: their values are known not to be secrets. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set<string>([
  ...MARK_ANNOTATIONS,
  'kubectl.kubernetes.io/restartedAt',
  'deployment.kubernetes.io/revision',
]);
/** Annotations in which a tool keeps the manifest that it applied: they repeat every value, some of them packed. */
const LAST_APPLIED = /last-applied|rio\.cattle\.io\/applied$|kapp\.k14s\.io\/original$/;

/** What stands for a hidden leaf is none: a shown object hides nothing more. */
const isCommitment = (value: Json): boolean =>
  isObject(value) &&
  Object.keys(value).length === 1 &&
  /^sha256:[0-9a-f]{64}$/.test(textAt(value, 'countersign.dev/redacted') ?? '');

function lookInObject(object: JsonObject, path: Path, walk: Walk): void {
  const kind = textAt(object, 'kind');
  for (const [key, value] of Object.entries(object)) {
    const at = [...path, key];
    // A secret for a name: it cannot be hidden apart from what it names.
    if (key.length > 16 && path.length > 0 && !NAME.test(key) && reasonOf(key, walk) !== undefined) {
      for (const inner of [...walk.hidden.keys()])
        if (inner.startsWith(`${pointerOf(path)}/`)) walk.hidden.delete(inner);
      hide(object, path, 'token-like', walk);
      return;
    }
    if (NEVER_HIDDEN.has(key) || OWN_ANNOTATIONS.has(key)) continue;
    if (NAMING.has(key) && typeof value === 'string' && NAME.test(value)) continue;
    if (kind === 'Secret' && (key === 'data' || key === 'stringData')) hideAll(value, at, 'secret-like', walk);
    else if (kind === 'ConfigMap' && key === 'data') lookInConfig(objectAt(value), at, walk);
    else if (key === 'env' && isList(value)) lookInPairs(value, at, 'environment-value', walk);
    // A probe's header is where a bearer token for a health page sits.
    else if (key === 'httpHeaders' && isList(value)) lookInPairs(value, at, 'secret-like', walk);
    else if ((key === 'command' || key === 'args') && isList(value)) lookInArguments(value, at, walk);
    else if (typeof value === 'string' && LAST_APPLIED.test(key)) hide(value, at, 'last-applied', walk);
    else if (promisesSecret(key)) lookUnderSecretName(value, at, walk);
    else if (key === 'value' && isPairOfSecret(object)) hide(value, at, 'secret-like', walk);
    else if (isAuthName(key) && typeof value === 'string' && reasonOf(`${key}: ${value}`, walk) !== undefined)
      hide(value, at, 'secret-like', walk);
    else look(value, at, walk);
  }
}

/** `{name: DB_PASSWORD, value: ...}`, wherever it stands. */
const isPairOfSecret = (object: JsonObject): boolean =>
  promisesSecret(textAt(object, 'name') ?? textAt(object, 'key') ?? '');

/** Of an annotation's key the domain says nothing. */
const promisesSecret = (key: string): boolean =>
  !isHarmlessName(key) && !isAuthName(key) && isSecretName(key.slice(key.lastIndexOf('/') + 1));

function hideAll(value: Json, path: Path, reason: Reason, walk: Walk): void {
  if (!isObject(value)) hide(value, path, reason, walk);
  else for (const [key, item] of Object.entries(value)) hide(item, [...path, key], reason, walk);
}

/** What a ConfigMap holds is what a change of one is about: only what looks like a secret is hidden from whoever decides. */
function lookInConfig(data: JsonObject, path: Path, walk: Walk): void {
  for (const [key, value] of Object.entries(data)) {
    const secret =
      promisesSecret(key) || (typeof value === 'string' && reasonOf(`${key}: ${value}`, walk) !== undefined);
    if (secret || (typeof value === 'string' && reasonOf(value, walk) !== undefined))
      hide(value, [...path, key], 'config-value', walk);
  }
}

/** Every value of a list of names and values. */
function lookInPairs(list: readonly Json[], path: Path, reason: Reason, walk: Walk): void {
  for (const [at, item] of list.entries()) {
    const here = [...path, String(at)];
    if (!isObject(item) || !Object.hasOwn(item, 'value')) {
      look(item, here, walk);
      continue;
    }
    const { value, ...rest } = item;
    hide(value ?? null, [...here, 'value'], reason, walk);
    look(rest, here, walk);
  }
}

/** `--db-password=x` by itself, and what follows a bare `--db-password`. */
function lookInArguments(list: readonly Json[], path: Path, walk: Walk): void {
  let afterSecretFlag = false;
  for (const [at, item] of list.entries()) {
    const here = [...path, String(at)];
    if (afterSecretFlag && typeof item === 'string') hide(item, here, 'secret-like', walk);
    else look(item, here, walk);
    afterSecretFlag = typeof item === 'string' && isSecretFlag(item);
  }
}

/** Members of a mapping under a secret's name that only say where it is. */
const WHERE: ReadonlySet<string> = new Set(
  'name key kind apiVersion secretName namespace optional mode defaultMode items path source type audience operator provider group resource'.split(
    ' ',
  ),
);

function lookUnderSecretName(value: Json, path: Path, walk: Walk): void {
  if (isList(value)) {
    for (const [at, item] of value.entries()) lookUnderSecretName(item, [...path, String(at)], walk);
  } else if (isObject(value)) {
    if (isCommitment(value)) return;
    for (const [key, item] of Object.entries(value)) {
      if (WHERE.has(key) || onlyPoints(key) || isObject(item) || isList(item)) look(item, [...path, key], walk);
      else lookUnderSecretName(item, [...path, key], walk);
    }
  } else if (value !== null && typeof value !== 'boolean' && !isHarmlessValue(String(value))) {
    hide(value, path, 'secret-like', walk);
  }
}
