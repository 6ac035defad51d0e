/** Why an API request was refused, as in the `reason` of a Kubernetes Status; with the HTTP code that goes with it. */
const httpCodes = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  AlreadyExists: 409,
  Conflict: 409,
  Expired: 410,
  RequestEntityTooLarge: 413,
  UnsupportedMediaType: 415,
  Invalid: 422,
  InternalError: 500,
  Timeout: 504,
  /** An error that the API server itself has no name for; its Status has no reason. */
  Unknown: 500,
} as const;

export type StatusReason = keyof typeof httpCodes;

export interface StatusCause {
  reason: string;
  message: string;
  field: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

/** The `kind: Status` document that every refusal is answered with. */
export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: StatusReason;
  details?: StatusDetails;
  code?: number;
}

/** Thrown by the store and by every stage of a request; the server answers `status` with `code`. An Error, so that it carries a stack and can be thrown. */
export class StatusError extends Error {
  readonly reason: StatusReason;
  readonly code: number;
  readonly details: StatusDetails | undefined;
  readonly metadata: Status['metadata'];

  constructor(reason: StatusReason, message: string, details?: StatusDetails, metadata: Status['metadata'] = {}) {
    super(message);
    this.name = 'StatusError';
    this.reason = reason;
    this.code = httpCodes[reason];
    this.details = details;
    this.metadata = metadata;
  }

  get status(): Status {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: this.metadata,
      status: 'Failure',
      message: this.message,
      ...(this.reason === 'Unknown' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    };
  }
}
