import { isRecord, type JsonRecord } from '../json/record.ts';
import { apiVersionOf } from '../resources/api-resource.ts';
import type { KubeObject, ResourceKey } from '../store/object-store.ts';
import { tableOf } from '../tables/table.ts';
import { eventsV1View } from './events-v1-view.ts';
import type { Rendering } from './rendering.ts';

/** The object as this resource shows it (events have two views of one stored object). */
export function viewed(key: ResourceKey, object: KubeObject): KubeObject {
  return key === 'events.events.k8s.io' ? eventsV1View(object) : object;
}

/** One object, as get and the writes answer it and as watch events carry it. */
export function renderObject(object: KubeObject, rendering: Rendering): JsonRecord {
  const view = viewed(rendering.resource.key, object);
  switch (rendering.acceptance.representation) {
    case 'table':
      return tableOf([view], { resourceVersion: object.metadata.resourceVersion }, rendering);
    case 'metadata':
      return metadataOnly(view, rendering);
    case 'object':
      return withoutEmptyVersion(view);
  }
}

/** A list; its items carry neither kind nor apiVersion, as in the real API. */
export function renderList(objects: readonly KubeObject[], metadata: JsonRecord, rendering: Rendering): JsonRecord {
  const { resource } = rendering;
  const views = objects.map((object) => viewed(resource.key, object));
  switch (rendering.acceptance.representation) {
    case 'table':
      return tableOf(views, metadata, rendering);
    case 'metadata':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: `meta.k8s.io/${rendering.acceptance.metaVersion}`,
        metadata,
        items: views.map((view) => metadataOnly(view, rendering)),
      };
    case 'object':
      return {
        kind: `${resource.kind}List`,
        apiVersion: apiVersionOf(resource),
        metadata,
        items: views.map(withoutTypeMeta),
      };
  }
}

function withoutTypeMeta(object: KubeObject): JsonRecord {
  const { kind: _kind, apiVersion: _version, ...rest } = object;
  return rest;
}

function metadataOnly(object: KubeObject, rendering: Rendering): JsonRecord {
  return {
    kind: 'PartialObjectMetadata',
    apiVersion: `meta.k8s.io/${rendering.acceptance.metaVersion}`,
    metadata: object.metadata,
  };
}

/** A dry run's object was never stored: it has no resourceVersion, not an empty one. */
function withoutEmptyVersion(object: KubeObject): JsonRecord {
  if (object.metadata.resourceVersion !== '' || !isRecord(object.metadata)) return object;
  const { resourceVersion: _none, ...metadata } = object.metadata;
  return { ...object, metadata };
}
