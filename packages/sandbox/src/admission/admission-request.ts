import type { JsonRecord } from '../json/record.ts';
import type { ApiResource } from '../resources/api-resource.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** A write as admission sees it: after defaults and validation, before it is stored. */
export interface AdmissionRequest {
  readonly userName: string;
  readonly operation: Operation;
  readonly resource: Pick<ApiResource, 'key' | 'group' | 'plural'>;
  /** '' for the object itself. */
  readonly subresource: string;
  /** '' where the server makes the name up. */
  readonly name: string;
  /** The object as it would be stored; undefined for a delete. */
  readonly object: JsonRecord | undefined;
  /** The object as it is stored; undefined for a create. */
  readonly oldObject: JsonRecord | undefined;
  /** CreateOptions, UpdateOptions (for patches too, as in the real API server) or DeleteOptions. */
  readonly options: JsonRecord;
  readonly dryRun: boolean;
}
