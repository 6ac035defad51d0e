import { isDeepStrictEqual } from 'node:util';
import { numberAt, recordAt } from '../json/record.ts';
import type { KubeObject, NewObject, ObjectStore } from '../store/object-store.ts';
import { controlledBy } from './controlled-pod.ts';
import { controllerOf, type PodTemplate, record } from './kinds.ts';
import { podTemplateHash } from './pod-template-hash.ts';

const REVISIONS = 'controllerrevisions.apps';
/** On the pods of a StatefulSet or DaemonSet: the name of their revision, or its hash. */
export const REVISION_HASH = 'controller-revision-hash';

const STATEFUL_SET_HASH = 'controller.kubernetes.io/hash';
/** The two controllers never agreed on a label. */
const hashLabels: Readonly<Record<string, string>> = { StatefulSet: STATEFUL_SET_HASH, DaemonSet: REVISION_HASH };

/** The ControllerRevisions of an object, oldest first. */
export function revisionsOf(store: ObjectStore, owner: KubeObject): KubeObject[] {
  return store
    .list(REVISIONS, owner.metadata.namespace)
    .filter((revision) => controllerOf(revision)?.uid === owner.metadata.uid)
    .sort((a, b) => numberOf(a) - numberOf(b));
}

function numberOf(revision: KubeObject): number {
  return numberAt(revision, 'revision') ?? 0;
}

/** The revision of the object's template: the one that has it already, as the newest again where it recurs, or a new one. */
export function currentRevision(store: ObjectStore, owner: KubeObject, template: PodTemplate): KubeObject {
  const known = revisionsOf(store, owner);
  const data = { spec: { template: { $patch: 'replace', ...asData(template) } } };
  const newest = known.at(-1);
  const same = known.find((revision) => isDeepStrictEqual(revision.data, asData(data)));
  const next = (newest === undefined ? 0 : numberOf(newest)) + 1;
  if (same === undefined) return store.create(REVISIONS, newRevision(store, owner, template, data, next));
  return same === newest ? same : store.update(REVISIONS, { ...same, revision: next });
}

function newRevision(
  store: ObjectStore,
  owner: KubeObject,
  template: PodTemplate,
  data: unknown,
  revision: number,
): NewObject {
  const { namespace, name } = owner.metadata;
  let collision = 0;
  let hash = podTemplateHash(template);
  while (store.get(REVISIONS, namespace, `${name}-${hash}`) !== undefined)
    hash = podTemplateHash(template, ++collision);
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata.labels, [hashLabels[owner.kind] ?? REVISION_HASH]: hash },
      ...(owner.metadata.annotations === undefined ? {} : { annotations: copied(owner.metadata.annotations) }),
      ownerReferences: [controlledBy(owner)],
    },
    data: record(data),
    revision,
  };
}

/** kubectl's record of a manifest belongs to the object that it was applied to. */
function copied(annotations: Record<string, string>): Record<string, string> {
  const { 'kubectl.kubernetes.io/last-applied-configuration': _kept, ...others } = annotations;
  return others;
}

export function hashOf(revision: KubeObject): string {
  const { name, labels = {} } = revision.metadata;
  return labels[STATEFUL_SET_HASH] ?? labels[REVISION_HASH] ?? name;
}

/** The template that a revision keeps; undefined where it cannot be read. */
export function templateOf(revision: KubeObject | undefined): PodTemplate | undefined {
  const kept = recordAt(revision, 'data', 'spec', 'template');
  if (kept === undefined || !Array.isArray(record(kept.spec).containers)) return undefined;
  const { $patch: _directive, ...template } = kept;
  return { metadata: record(template.metadata), spec: record(template.spec) } as unknown as PodTemplate;
}

/** Revisions beyond the limit that nothing uses go, the oldest first. */
export function trimRevisions(store: ObjectStore, owner: KubeObject, used: ReadonlySet<string>, limit: number): void {
  const idle = revisionsOf(store, owner).filter(({ metadata }) => !used.has(metadata.name));
  for (const { metadata } of idle.slice(0, Math.max(0, idle.length - limit)))
    store.delete(REVISIONS, metadata.namespace, metadata.name);
}

function asData(value: unknown): Record<string, unknown> {
  return record(JSON.parse(JSON.stringify(value)));
}
