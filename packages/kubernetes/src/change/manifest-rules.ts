/** What somebody's manifest may hold, and its one spelling: two manifests that say the same have the same intent digest. */
import type { Json, Target } from '@countersign/approvals';
import { ISSUES_MAX } from '../limits.ts';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../objects/json-at.ts';
import { metadataIssues, shownMember } from './metadata-rules.ts';

type Named = Pick<Target, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

/** Empty: the manifest may be planned. Names fields, never values. The document's size has been judged before. */
export function manifestIssues(manifest: Json, target: Named, template: readonly string[] | null): readonly string[] {
  if (!isObject(manifest)) return ['manifest: it is no object'];
  const { namespace, name } = target;
  const issues = [
    ...(['apiVersion', 'kind'] as const).flatMap((member) =>
      manifest[member] === target[member] ? [] : [`${member}: here it must be ${target[member]}`],
    ),
    ...(textAt(manifest, 'metadata', 'name') === name ? [] : ["metadata.name: it is another one than the target's"]),
    ...metadataIssues(manifest.metadata, { nullable: false, known: { name, namespace } }),
    ...(Object.hasOwn(manifest, 'status') ? ["status: it is the controllers' to set"] : []),
    ...Object.keys(manifest).flatMap((member) =>
      shownMember(member) === member ? [] : ['it holds a member that is no field'],
    ),
    ...(template === null ? [] : repeatedContainers(objectAt(manifest, ...template, 'spec'))),
  ];
  return [...new Set(issues)].slice(0, ISSUES_MAX).map((issue) => `manifest: ${issue}`);
}

/** Two containers of one name: which of them somebody approved could be read in two ways. */
function repeatedContainers(podSpec: JsonObject): readonly string[] {
  const names = ['containers', 'initContainers'].flatMap((list) =>
    listAt(podSpec, list).map((container) => textAt(container, 'name')),
  );
  return new Set(names).size === names.length ? [] : ['two containers have one name'];
}

/** With the namespace in it, whether or not it was written there. */
export function wholeManifest(manifest: JsonObject, { namespace }: Named): JsonObject {
  return { ...manifest, metadata: { ...objectAt(manifest, 'metadata'), namespace } };
}
