import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { definedKey, definedResources } from './definitions.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';
const fieldManager = 'kube-apiserver';
const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/**
 * Serves what the CustomResourceDefinitions in the store describe, from the moment in which one is stored until it is deleted, when all its objects go too.
 * The real API server takes a moment for either; clients wait for the condition Established.
 */
export function serveDefinitions(store: ObjectStore, clock: () => Date): void {
  for (const definition of store.list(definitions)) establish(definition);
  store.subscribe(({ type, resource, object }) => {
    if (resource !== definitions) return;
    if (type === 'DELETED') withdraw(object);
    else if (object.metadata.deletionTimestamp === undefined) establish(object);
    else cleanUp(object);
  });

  function establish(definition: KubeObject): void {
    store.resources.define(definedKey(definition), definedResources(definition));
    const { name, finalizers = [] } = definition.metadata;
    const current = store.get(definitions, undefined, name);
    // Somebody wrote in between: their event comes next.
    if (current?.metadata.resourceVersion !== definition.metadata.resourceVersion) return;
    const held = finalizers.includes(cleanup)
      ? current
      : store.update(
          definitions,
          { ...current, metadata: { ...current.metadata, finalizers: [...finalizers, cleanup] } },
          { fieldManager },
        );
    const status = statusOf(held, kubeTime(clock()));
    store.update(definitions, { ...held, status }, { subresource: 'status', fieldManager });
  }

  /** A definition that is being deleted goes when its objects are gone. */
  function cleanUp(definition: KubeObject): void {
    withdraw(definition);
    const current = store.get(definitions, undefined, definition.metadata.name);
    const finalizers = current?.metadata.finalizers ?? [];
    if (current === undefined || !finalizers.includes(cleanup)) return;
    const metadata = { ...current.metadata, finalizers: finalizers.filter((one) => one !== cleanup) };
    store.update(definitions, { ...current, metadata }, { fieldManager });
  }

  function withdraw(definition: KubeObject): void {
    const key = definedKey(definition);
    if (store.resources.byKey(key)?.custom === undefined) return;
    for (const { metadata } of store.list(key)) {
      // A cascade may have taken it already.
      if (store.get(key, metadata.namespace, metadata.name) !== undefined)
        store.delete(key, metadata.namespace, metadata.name);
    }
    store.resources.define(key, []);
  }
}

function statusOf(definition: KubeObject, now: string): JsonRecord {
  const before = listAt(definition, 'status', 'conditions').filter(isRecord);
  const condition = (type: string, reason: string, message: string) => ({
    type,
    status: 'True',
    lastTransitionTime:
      stringAt(
        before.find((one) => one.type === type),
        'lastTransitionTime',
      ) ?? now,
    reason,
    message,
  });
  const stored = listAt(definition, 'spec', 'versions').find(
    (version) => isRecord(version) && version.storage === true,
  );
  const storedVersions = new Set([...listAt(definition, 'status', 'storedVersions'), stringAt(stored, 'name')]);
  return {
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    acceptedNames: recordAt(definition, 'spec', 'names'),
    storedVersions: [...storedVersions].filter((name) => name !== undefined),
  };
}
