/** Every container of an object's pods, wherever it hides: init and ephemeral containers run with the same rights. */
import type { Json } from '@countersign/approvals';
import { POD_SPEC_DEPTH_MAX } from '../limits.ts';
import { isList, isObject, type JsonObject, listAt, objectAt, textAt } from '../objects/json-at.ts';

export interface ContainerView {
  /** `container "web"`, `init container "setup"`: for sentences. */
  readonly label: string;
  readonly list: (typeof LISTS)[number][0];
  readonly name: string;
  readonly container: JsonObject;
}

const LISTS = [
  ['containers', 'container'],
  ['initContainers', 'init container'],
  ['ephemeralContainers', 'ephemeral container'],
] as const;

/** A pod as an object describes it: `metadata` and `spec` of its template, or of the pod itself. */
export interface PodView {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/**
 * Every pod that an object describes: a workload's template, a CronJob's two templates down, the pod itself, and in a custom resource
 * whatever has a list of containers, at any depth. A rule that knew the known kinds alone would be evaded by the others.
 */
export function podsOf(object: Json): readonly PodView[] {
  const found: PodView[] = [];
  const search = (value: Json | undefined, holder: JsonObject, depth: number): void => {
    if (depth > POD_SPEC_DEPTH_MAX) return;
    if (isList(value)) for (const item of value) search(item, objectAt(item), depth + 1);
    if (!isObject(value)) return;
    if (LISTS.some(([list]) => isList(value[list])))
      found.push({ metadata: objectAt(holder, 'metadata'), spec: value });
    for (const [key, member] of Object.entries(value)) {
      if (!(depth === 0 && (key === 'status' || key === 'metadata'))) search(member, value, depth + 1);
    }
  };
  search(object, {}, 0);
  return found;
}

export const podSpecsOf = (object: Json): readonly JsonObject[] => podsOf(object).map(({ spec }) => spec);

export const containersOf = (spec: JsonObject): readonly ContainerView[] =>
  LISTS.flatMap(([list, words]) =>
    listAt(spec, list).map((item) => {
      const name = textAt(item, 'name') ?? '';
      return { label: `${words} "${name}"`, list, name, container: objectAt(item) };
    }),
  );

export const podContainers = (object: Json): readonly ContainerView[] => podSpecsOf(object).flatMap(containersOf);
