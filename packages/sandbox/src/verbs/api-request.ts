import type { Identity } from '../identities/identity.ts';
import type { ServiceAccountTokens } from '../identities/service-account-tokens.ts';
import type { Acceptance } from '../server/media-types.ts';
import type { ResourcePath } from '../server/request-info.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { EventLog } from '../watch/event-log.ts';

/** What every verb works on. */
export interface ApiContext {
  readonly store: ObjectStore;
  readonly events: EventLog;
  readonly clock: () => Date;
  readonly tokens: ServiceAccountTokens;
  /** Aborted when the server stops: streams end then. */
  readonly stopping: AbortSignal;
}

/** A request to a resource by somebody who may make it. */
export interface ApiRequest {
  readonly identity: Identity;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  readonly acceptance: Acceptance;
  readonly userAgent: string | undefined;
  /** The media type of the body, without parameters. */
  readonly mediaType: string;
  /** Read and, unless empty, parsed. */
  readonly body: unknown;
}
