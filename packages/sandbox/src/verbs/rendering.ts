import type { ApiResource } from '../resources/api-resource.ts';
import type { Acceptance } from '../server/media-types.ts';

/** How objects go out: as the resource's version writes them, as a table, or as metadata only. */
export interface Rendering {
  readonly resource: ApiResource;
  readonly acceptance: Acceptance;
  /** `includeObject` of the query: what a table's rows carry of their object. */
  readonly includeObject: string;
  readonly now: Date;
}
