/** Every container of an object's pods, wherever it hides: init and ephemeral containers run with the same rights. */
import type { Json } from '@countersign/approvals';
import { type JsonObject, listAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';

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

/** The pod spec of a workload (`spec.template.spec`) or of a pod (`spec`). */
export function podSpecOf(object: Json): JsonObject {
  return valueAt(object, 'spec', 'template') === undefined
    ? objectAt(object, 'spec')
    : objectAt(object, 'spec', 'template', 'spec');
}

export function podContainers(object: Json): readonly ContainerView[] {
  const spec = podSpecOf(object);
  return LISTS.flatMap(([list, words]) =>
    listAt(spec, list).map((item) => {
      const name = textAt(item, 'name') ?? '';
      return { label: `${words} "${name}"`, list, name, container: objectAt(item) };
    }),
  );
}
