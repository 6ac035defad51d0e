import { isRecord, type JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import type { KubeObject } from '../store/object-store.ts';
import { tableOf } from '../tables/table.ts';
import { eventsV1View } from './events-v1-view.ts';
import type { Rendering } from './rendering.ts';

/** The object as this resource shows it (events have two views of one stored object). */
export function viewed(resource: ApiResource, object: KubeObject): KubeObject {
  if (resource.key === 'events.events.k8s.io') return eventsV1View(object);
  // The versions of a custom resource differ in their name only: nothing here converts.
  return resource.custom === undefined ? object : { ...object, apiVersion: apiVersionOf(resource) };
}

/** One object, as get and the writes answer it and as watch events carry it. */
export function renderObject(object: KubeObject, rendering: Rendering): JsonRecord {
  const view = viewed(rendering.resource, object);
  switch (rendering.acceptance.representation) {
    case 'table':
      return tableOf([view], { resourceVersion: object.metadata.resourceVersion }, rendering);
    case 'metadata':
      return metadataOnly(view, rendering);
    case 'object':
      return withoutEmptyVersion(view);
  }
}

/** A list, as the real API writes it. */
export function renderList(objects: readonly KubeObject[], metadata: JsonRecord, rendering: Rendering): JsonRecord {
  const { resource } = rendering;
  const views = objects.map((object) => viewed(resource, object));
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
        kind: resource.custom?.listKind ?? `${resource.kind}List`,
        apiVersion: apiVersionOf(resource),
        metadata,
        // Items of a built-in kind carry neither kind nor apiVersion; those of a custom one do.
        items: resource.custom === undefined ? views.map(withoutTypeMeta) : views,
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
