import { admit } from '../admission/admit.ts';
import { isRecord, numberAt, recordAt } from '../json/record.ts';
import { tokenDefaultSeconds, tokenMaxSeconds, tokenMinSeconds } from '../limits.ts';
import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import { kubeTime } from '../store/object-versions.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';

/** POST serviceaccounts/<name>/token: somebody else's rights for a while. A dry run of it gives a token all the same, as in the real API server. */
export function tokenRequest(context: ApiContext, request: ApiRequest): Answer {
  const { path, identity, body } = request;
  if (!isRecord(body)) throw new StatusError('BadRequest', 'the body must be a TokenRequest');
  const account = existingObject(context.store, path);
  const seconds = numberAt(body, 'spec', 'expirationSeconds') ?? tokenDefaultSeconds;
  if (!Number.isInteger(seconds) || seconds < tokenMinSeconds || seconds > tokenMaxSeconds) {
    throw new StatusError(
      'Invalid',
      `TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: ${seconds}: must be between ${tokenMinSeconds} and ${tokenMaxSeconds} seconds`,
    );
  }
  const parameters = parseWriteParameters(request.query, 'CreateOptions', request.userAgent);
  admit(context.store, {
    userName: identity.userName,
    operation: 'CREATE',
    resource: path.resource,
    subresource: 'token',
    name: path.name ?? '',
    object: body,
    oldObject: undefined,
    options: parameters.options,
    dryRun: parameters.dryRun,
  });
  const expires = new Date(context.clock().getTime() + seconds * 1000);
  return json(
    {
      kind: 'TokenRequest',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { name: path.name, namespace: path.namespace, creationTimestamp: kubeTime(context.clock()) },
      spec: { ...recordAt(body, 'spec'), expirationSeconds: seconds },
      status: { token: context.tokens.issue(account, expires), expirationTimestamp: kubeTime(expires) },
    },
    201,
  );
}
