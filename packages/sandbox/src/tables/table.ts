import type { JsonRecord } from '../json/record.ts';
import { apiVersionOf } from '../resources/api-resource.ts';
import type { KubeObject } from '../store/object-store.ts';
import type { Rendering } from '../verbs/rendering.ts';
import { columnsOf } from './columns.ts';

/** A meta.k8s.io Table: what `kubectl get` prints. `includeObject` says what each row carries of its object: metadata (default), everything or nothing. */
export function tableOf(objects: readonly KubeObject[], metadata: JsonRecord, rendering: Rendering): JsonRecord {
  const columns = columnsOf(rendering.resource);
  const version = `meta.k8s.io/${rendering.acceptance.metaVersion}`;
  return {
    kind: 'Table',
    apiVersion: version,
    metadata,
    columnDefinitions: columns.map(({ name, type = 'string', format = '', description = '', priority = 0 }) => ({
      name,
      type,
      format,
      description,
      priority,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.cell(object, rendering.now)),
      ...rowObject(object, rendering, version),
    })),
  };
}

function rowObject(object: KubeObject, rendering: Rendering, version: string): JsonRecord {
  switch (rendering.includeObject) {
    case 'None':
      return {};
    case 'Object':
      return { object: { ...object, kind: rendering.resource.kind, apiVersion: apiVersionOf(rendering.resource) } };
    default:
      return { object: { kind: 'PartialObjectMetadata', apiVersion: version, metadata: object.metadata } };
  }
}
