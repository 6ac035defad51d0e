/**
 * Translation of the SDK's errors. An SDK error carries the response and sometimes the request (a manifest, a mail); none of that
 * leaves this file: callers see Unavailable, or a plain Error with the names of service, operation and fault.
 */
import { Unavailable } from '@countersign/approvals';

/** Faults of the request itself: sending it again cannot help, somebody must change code or deployment. */
const REQUEST_FAULTS: ReadonlySet<string> = new Set([
  'ValidationException',
  'ValidationError',
  'SerializationException',
  'IdempotentParameterMismatchException',
  'AccessDeniedException',
  'AccessDenied',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'InvalidAccessKeyId',
  'ResourceNotFoundException',
  'QueueDoesNotExist',
  'NoSuchBucket',
]);

export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** What the SDK knows of the answer: absent for a fault of the network. */
function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/**
 * `Unavailable` for everything that may pass (throttling, 5xx, timeouts, resets, absent credentials); a plain Error for a fault of
 * the request. The message names service, operation and fault, never content.
 */
export function translated(service: string, operation: string, error: unknown): Error {
  const name = nameOf(error);
  const status = statusOf(error);
  const text = `${service} ${operation}: ${name}${status === undefined ? '' : ` (HTTP ${status})`}`;
  return REQUEST_FAULTS.has(name) ? new Error(text) : new Unavailable(text);
}
