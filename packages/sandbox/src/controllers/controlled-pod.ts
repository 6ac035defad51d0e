import type { KubeObject, NewObject, ObjectStore, OwnerReference } from '../store/object-store.ts';
import { controllerOf, type PodTemplate } from './kinds.ts';

/** How an object says that it is run by another. */
export function controlledBy(owner: KubeObject): OwnerReference {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export interface PodNaming {
  /** With neither, the store makes a name up behind `<owner>-`. */
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The pod that a controller's template asks for. */
export function controlledPod(owner: KubeObject, template: PodTemplate, naming: PodNaming = {}): NewObject {
  const { labels, annotations } = template.metadata;
  const { namespace, name } = owner.metadata;
  const allLabels = { ...labels, ...naming.labels };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${name}-`,
      ...(naming.name === undefined ? {} : { name: naming.name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(Object.keys(allLabels).length === 0 ? {} : { labels: allLabels }),
      ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
      ownerReferences: [controlledBy(owner)],
    },
    spec: { serviceAccountName: 'default', ...structuredClone(template.spec), ...naming.spec },
  };
}

/** The pods that an object controls. */
export function podsOf(store: ObjectStore, owner: KubeObject): KubeObject[] {
  const { namespace, uid } = owner.metadata;
  return store.list('pods', namespace).filter((pod) => controllerOf(pod)?.uid === uid);
}

/** The key of the object of this kind that controls another, or none. */
export function keysOfController(object: KubeObject, kind: string): readonly string[] {
  const owner = controllerOf(object);
  return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
}
