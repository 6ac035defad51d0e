/** Refusal -> HTTP status, for clients that look at nothing else. The code says more. */
const BY_CODE: ReadonlyMap<string, number> = new Map([
  ['request.invalid', 400],
  ['request.not_understood', 422],
  ['request.too_large', 413],
  ['request.rate_limited', 429],
  ['plan.not_found', 404],
  ['target.not_found', 404],
  ['cluster.unreachable', 503],
  ['internal.unavailable', 503],
  ['internal.fault', 500],
]);
const BY_FAMILY: ReadonlyMap<string, number> = new Map([
  ['access', 403],
  ['policy', 403],
  ['dry_run', 422],
  ['evidence', 422],
]);
/** The rest is a conflict with the state of a plan or an object. */
const CONFLICT = 409;

export const statusOf = (code: string): number =>
  BY_CODE.get(code) ?? BY_FAMILY.get(code.split('.', 1)[0] ?? '') ?? CONFLICT;
