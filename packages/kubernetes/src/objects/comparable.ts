/**
 * What freshness and dry-run equality compare: the object minus a closed, versioned list of paths. The list is bound in the review
 * digest and named on the page; nothing else is normalised. `metadata.generation` is compared: it moves with every change of a spec (on
 * Deployments of an annotation, too), so two dry runs of one body on one object agree on it, and an object that somebody changed and
 * changed back does not pass as untouched.
 */
import { type ComparedAs, canonicalize, comparedAs, type Json, type Review, type Step } from '@countersign/approvals';
import { autoscalerOwnsReplicas } from './field-owners.ts';
import { isList, isObject, textAt } from './json-at.ts';

/** A changed list is a new version: a plan that was approved under the old one must not be judged under the new one. */
const IGNORED_PATHS_VERSION = 1;

/**
 * JSON pointers; `*` is every item of a list, `[subresource=status]` the items that say so of themselves, `[order]` the order of a list.
 * The API server orders managedFields by time: without the times, their order would still tell whether two of them fell into one second.
 */
const ALWAYS: readonly string[] = [
  '/metadata/resourceVersion',
  '/metadata/managedFields/[subresource=status]',
  '/metadata/managedFields/*/time',
  '/metadata/managedFields/[order]',
  '/status',
];
const IGNORED: Readonly<Record<ComparedAs, readonly string[]>> = {
  change: ALWAYS,
  create: [
    ...ALWAYS,
    '/metadata/uid',
    '/metadata/creationTimestamp',
    '/spec/clusterIP',
    '/spec/clusterIPs',
    '/spec/healthCheckNodePort',
    '/spec/ports/*/nodePort',
  ],
  delete: [...ALWAYS, '/metadata/deletionTimestamp'],
};
/**
 * Replicas that an autoscaler set move by themselves, and generation with them. A plan that sets replicas takes the field over in its own
 * dry run, so there they are compared; its freshness pins the generation beside this (propose/prepared-change.ts).
 */
const AUTOSCALED: readonly string[] = ['/spec/replicas', '/metadata/generation'];

const ignoredOf = (object: Json, as: ComparedAs): readonly string[] =>
  autoscalerOwnsReplicas(object) ? [...IGNORED[as], ...AUTOSCALED] : IGNORED[as];

/**
 * The list as it applies to a plan's objects (of what is created, the dry run's), as a review binds it. A path that is left out of some steps
 * alone is named once for each of them, as `/[step=2]/metadata/uid`: a bare one would promise less of the others than is compared.
 */
export function ignoredPathsOf(
  steps: readonly { readonly step: Step; readonly object: Json }[],
): Review['ignoredPaths'] {
  const lists = steps.map(({ step, object }) => ignoredOf(object, comparedAs(step)));
  const [first = [], ...others] = lists;
  const shared = first.filter((path) => others.every((list) => list.includes(path)));
  const alone = lists.flatMap((list, at) =>
    list.filter((path) => !shared.includes(path)).map((path) => `/[step=${at + 1}]${path}`),
  );
  return { version: IGNORED_PATHS_VERSION, paths: [...shared, ...alone] };
}

/** The object without what the list names. Pure; the argument is left as it is. */
export function comparable(object: Json, as: ComparedAs = 'change'): Json {
  return dropped(object, ignoredOf(object, as));
}

/** What a reader is shown of a change: everything but what moves by itself. Autoscaled fields are shown, too. */
export const displayable = (object: Json): Json => dropped(object, ALWAYS);

const dropped = (object: Json, paths: readonly string[]): Json =>
  paths.reduce((rest, path) => without(rest, path.split('/').slice(1)), object);

function without(value: Json, tokens: readonly string[]): Json {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (isList(value)) return withoutInList(value, token, rest);
  if (!isObject(value) || !Object.hasOwn(value, token)) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    if (key !== token) return [[key, item]];
    return rest.length === 0 ? [] : [[key, without(item, rest)]];
  });
  return Object.fromEntries(entries);
}

function withoutInList(list: readonly Json[], token: string, rest: readonly string[]): Json {
  if (token === '*') return list.map((item) => without(item, rest));
  if (token === '[order]') return [...list].sort((a, b) => compareText(canonicalize(a), canonicalize(b)));
  const [, member, wanted] = /^\[(\w+)=(\w+)\]$/.exec(token) ?? [];
  return member === undefined ? list : list.filter((item) => textAt(item, member) !== wanted);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
