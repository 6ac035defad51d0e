/**
 * Which leaves of an object are hidden from everybody but propose and execute. The rest is shown as it is. No leaf that a deny rule
 * reads is ever hidden: images, security contexts, volumes and replicas stay visible, whatever they look like.
 */
import { type Json, MARK_ANNOTATIONS, pointerOf, type Redaction } from '@countersign/approvals';
import { isList, isObject, listAt, objectAt } from '../objects/json-at.ts';
import { isSecretFlag, secretLikeName, tokenLike, withoutSecrets } from './secret-patterns.ts';

export interface HiddenLeaf {
  /** RFC 6901. */
  readonly path: string;
  readonly reason: Redaction['reason'];
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Annotations that the system itself writes: their values are known not to be secrets. */
const OWN_ANNOTATIONS: ReadonlySet<string> = new Set<string>([
  ...MARK_ANNOTATIONS,
  'kubectl.kubernetes.io/restartedAt',
  'deployment.kubernetes.io/revision',
]);

type Path = readonly string[];

/** Sorted by path, one entry per leaf. Pure. */
export function redact(object: Json): readonly HiddenLeaf[] {
  const hidden = new Map<string, HiddenLeaf['reason']>();
  const hide = (path: Path, reason: HiddenLeaf['reason']): void => {
    const pointer = pointerOf(path);
    if (!hidden.has(pointer)) hidden.set(pointer, reason);
  };
  hideAnnotations(object, ['metadata', 'annotations'], hide);
  for (const template of TEMPLATES) hideAnnotations(object, [...template, 'metadata', 'annotations'], hide);
  for (const spec of [['spec'], ...TEMPLATES.map((template) => [...template, 'spec'])])
    hideContainerValues(object, spec, hide);
  hideTokens(object, [], hide);
  return [...hidden].map(([path, reason]) => ({ path, reason })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A workload's, and a CronJob's, whose Jobs have one of their own. */
const TEMPLATES: readonly Path[] = [
  ['spec', 'template'],
  ['spec', 'jobTemplate'],
  ['spec', 'jobTemplate', 'spec', 'template'],
];

type Hide = (path: Path, reason: HiddenLeaf['reason']) => void;

/** The last applied manifest repeats every environment value. */
function hideAnnotations(object: Json, path: Path, hide: Hide): void {
  for (const [key, value] of Object.entries(objectAt(object, ...path))) {
    if (key === LAST_APPLIED) hide([...path, key], 'last-applied');
    else if (!OWN_ANNOTATIONS.has(key) && secretLikeName(key) && typeof value === 'string') {
      hide([...path, key], 'secret-like');
    }
  }
}

const CONTAINER_LISTS = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;

function hideContainerValues(object: Json, podSpec: Path, hide: Hide): void {
  for (const list of CONTAINER_LISTS) {
    for (const [at, container] of listAt(object, ...podSpec, list).entries()) {
      const path = [...podSpec, list, String(at)];
      for (const [index, variable] of listAt(container, 'env').entries()) {
        if (Object.hasOwn(objectAt(variable), 'value')) {
          hide([...path, 'env', String(index), 'value'], 'environment-value');
        }
      }
      for (const list of ['command', 'args']) hideArguments(container, [...path, list], list, hide);
      // A probe's header is where a bearer token for a health page sits.
      const handlers: readonly Path[] = [
        ...PROBES.map((probe) => [probe]),
        ['lifecycle', 'postStart'],
        ['lifecycle', 'preStop'],
      ];
      for (const handler of handlers) {
        for (const [index, header] of listAt(container, ...handler, 'httpGet', 'httpHeaders').entries()) {
          const value = [...path, ...handler, 'httpGet', 'httpHeaders', String(index), 'value'];
          if (Object.hasOwn(objectAt(header), 'value')) hide(value, 'secret-like');
        }
      }
    }
  }
}

/** `--db-password=x` by itself, and what follows a bare `--db-password`. */
function hideArguments(container: Json, path: Path, list: string, hide: Hide): void {
  let afterSecretFlag = false;
  for (const [index, item] of listAt(container, list).entries()) {
    if (typeof item !== 'string') continue;
    if (afterSecretFlag || (withoutSecrets(item) !== item && !tokenLike(item)))
      hide([...path, String(index)], 'secret-like');
    afterSecretFlag = isSecretFlag(item);
  }
}

/** Members that a rule or a reader must see; managedFields holds names of fields alone. */
const NEVER_HIDDEN: ReadonlySet<string> = new Set(['image', 'name', 'namespace', 'uid', 'managedFields']);

/** Everything else that has the shape of a token: arguments, commands, labels, annotations. */
function hideTokens(value: Json, path: Path, hide: Hide): void {
  if (typeof value === 'string') {
    if (tokenLike(value)) hide(path, 'token-like');
  } else if (isList(value)) {
    for (const [at, item] of value.entries()) hideTokens(item, [...path, String(at)], hide);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (!NEVER_HIDDEN.has(key) && !OWN_ANNOTATIONS.has(key)) hideTokens(item, [...path, key], hide);
    }
  }
}
