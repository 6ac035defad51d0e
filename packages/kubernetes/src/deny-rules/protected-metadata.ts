/**
 * Members of metadata that nobody may edit by a plan: owners and finalizers (an edit deletes, orphans or strands objects), managedFields (it
 * wipes who owns what) and Countersign's own annotations (a forged one would pass for an approved write). Judged on the request's own
 * text, too: an edit of managedFields cannot be told from the API server's in the result.
 */
import { canonicalize, type Json, type Operation } from '@countersign/approvals';
import { isObject, listAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import type { Rule } from './rule.ts';

const OWN_PREFIX = 'countersign.dev/';
const MEMBERS = ['ownerReferences', 'finalizers', 'managedFields'] as const;
/** The API server's own, on what is new: admission puts them there. */
const OF_CREATES = new Set(['kubernetes.io/pvc-protection', 'kubernetes.io/pv-protection']);

export const protectedMetadata: Rule = {
  code: 'protected-metadata',
  passes: "owners, finalizers and Countersign's own marks stay as they are",
  enforced: 'always',
  otherwise: 'high',
  judge: ({ operation, live, after }) => ({
    denials: [...new Set([...asked(operation), ...(after === null ? [] : changed(live, after))])],
  }),
};

function changed(live: Json, after: Json): readonly string[] {
  const of = (object: Json, member: string): Json => valueAt(object, 'metadata', member) ?? [];
  const finalizers = listAt(after, 'metadata', 'finalizers').filter(
    (name) => live !== null || !(typeof name === 'string' && OF_CREATES.has(name)),
  );
  const differs = (before: Json, now: Json): boolean => canonicalize(before) !== canonicalize(now);
  return [
    ...(differs(of(live, 'ownerReferences'), of(after, 'ownerReferences')) ? ['the plan edits ownerReferences'] : []),
    ...(differs(of(live, 'finalizers'), finalizers) ? ['the plan edits finalizers'] : []),
  ];
}

function asked(operation: Operation): readonly string[] {
  switch (operation.type) {
    case 'label':
      return own(Object.keys(operation.labels));
    case 'annotate':
      return own(Object.keys(operation.annotations));
    case 'apply':
      return ofMetadata(objectAt(operation.manifest, 'metadata'));
    case 'patch':
      return operation.patchType === 'json' ? ofJsonPatch(operation.patch) : ofMergePatch(operation.patch);
    default:
      return [];
  }
}

const own = (keys: readonly string[]): readonly string[] =>
  keys.filter((key) => key.startsWith(OWN_PREFIX)).map((key) => `the plan sets ${key}, which is Countersign's own`);

const ofMetadata = (metadata: Json): readonly string[] => [
  ...MEMBERS.filter((member) => Object.hasOwn(objectAt(metadata), member)).map((member) => `the plan edits ${member}`),
  ...own([...Object.keys(objectAt(metadata, 'labels')), ...Object.keys(objectAt(metadata, 'annotations'))]),
];

/** `$patch: replace` of the object or of its metadata drops what it does not name. */
function ofMergePatch(patch: Json): readonly string[] {
  const metadata = valueAt(patch, 'metadata');
  const replaces = [patch, metadata].some((part) => isObject(part) && Object.hasOwn(part, '$patch'));
  const wiped = isObject(patch) && Object.hasOwn(patch, 'metadata') && !isObject(metadata);
  const directives = Object.keys(objectAt(metadata)).filter(
    (key) => key.startsWith('$') && /\/(finalizers|ownerReferences)$/.test(key),
  );
  return [
    ...ofMetadata(metadata ?? null),
    ...(replaces || wiped ? ['the plan replaces the whole metadata'] : []),
    ...directives.map((key) => `the plan edits ${key.slice(key.indexOf('/') + 1)}`),
  ];
}

function ofJsonPatch(patch: Json): readonly string[] {
  return listAt({ patch }, 'patch').flatMap((change) =>
    // A `from` reads, save that a move also takes away.
    [textAt(change, 'path'), textAt(change, 'op') === 'move' ? textAt(change, 'from') : undefined].flatMap(
      (pointer) => {
        if (pointer === undefined || textAt(change, 'op') === 'test') return [];
        const tokens = pointer
          .split('/')
          .slice(1)
          .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
        const [root, member, key] = tokens;
        const value = valueAt(change, 'value') ?? null;
        if (tokens.length === 0 || (root === 'metadata' && member === undefined))
          return ['the plan replaces the whole metadata'];
        if (root !== 'metadata') return [];
        if (MEMBERS.some((name) => name === member)) return [`the plan edits ${member}`];
        if (member !== 'annotations' && member !== 'labels') return [];
        return own(key === undefined ? Object.keys(objectAt(value)) : [key]);
      },
    ),
  );
}
