import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isRecord, recordAt, stringAt } from './json/record.ts';
import { readPrivateFile, writePrivateFile } from './persistence/private-file.ts';
import type { ApiResource } from './resources/api-resource.ts';
import type { NewObject, ObjectStore } from './store/object-store.ts';

const format = 'countersign.sandbox-manifests/v1';
const manager = 'kubectl-client-side-apply';

/**
 * Puts manifests into the store: each one once, and again only when the manifest itself has changed since. What the user changed or deleted in
 * between stays changed or deleted, across restarts too: a removed guard policy must not come back by itself.
 * `fresh`: the store began empty, whatever the data directory remembers. Answers what remembers this; call it once the objects are on disk, so that
 * a crash in between loads a manifest twice and never not at all.
 */
export function seedManifests(
  store: ObjectStore,
  manifests: readonly NewObject[],
  dataDirectory: string,
  fresh: boolean,
): () => void {
  const path = join(dataDirectory, 'manifests.json');
  const loaded = fresh ? new Map<string, string>() : readHashes(path);
  for (const manifest of manifests) {
    const { resource, namespace } = placeOf(store, manifest);
    const { name = '' } = manifest.metadata;
    const key = `${resource.key} ${namespace ?? ''} ${name}`;
    const hash = createHash('sha256').update(JSON.stringify(manifest)).digest('hex');
    if (loaded.get(key) === hash) continue;
    const object = {
      ...manifest,
      metadata: { ...manifest.metadata, ...(namespace === undefined ? {} : { namespace }) },
    };
    const current = store.get(resource.key, namespace, name);
    if (current === undefined) store.create(resource.key, object, { fieldManager: manager });
    else
      store.update(
        resource.key,
        { ...object, metadata: { ...current.metadata, ...object.metadata } },
        { fieldManager: manager },
      );
    loaded.set(key, hash);
  }
  return () =>
    writePrivateFile(path, `${JSON.stringify({ format, hashes: Object.fromEntries(loaded) }, undefined, 1)}\n`);
}

/** Creates an object of whatever kind. Throws where the sandbox does not serve it, and StatusError AlreadyExists. */
export function putObject(store: ObjectStore, object: NewObject): void {
  const { resource, namespace } = placeOf(store, object);
  store.create(resource.key, {
    ...object,
    metadata: { ...object.metadata, ...(namespace === undefined ? {} : { namespace }) },
  });
}

function placeOf(store: ObjectStore, object: NewObject): { resource: ApiResource; namespace: string | undefined } {
  const resource = store.resources.byKind(object.apiVersion, object.kind);
  if (resource === undefined || object.metadata.name === undefined) {
    throw new Error(`The sandbox does not serve ${object.kind} of ${object.apiVersion}, or the manifest has no name.`);
  }
  return { resource, namespace: resource.namespaced ? (object.metadata.namespace ?? 'default') : undefined };
}

function readHashes(path: string): Map<string, string> {
  const content = readPrivateFile(path);
  if (content === undefined) return new Map();
  const parsed: unknown = JSON.parse(content);
  const hashes = recordAt(parsed, 'hashes');
  if (!isRecord(parsed) || stringAt(parsed, 'format') !== format || hashes === undefined) {
    throw new Error(`${path} is not of this version. Delete the data directory to start afresh.`);
  }
  return new Map(Object.entries(hashes).map(([key, hash]) => [key, String(hash)]));
}
