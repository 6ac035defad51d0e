import { mayAccess } from '../identities/authorise.ts';
import { isRecord, recordAt, stringAt } from '../json/record.ts';
import { type Answer, json } from '../server/answer.ts';
import { kubeTime } from '../store/object-versions.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';

/** `kubectl auth can-i`: what the caller may do, answered by the very authoriser that decides on requests. */
export function selfSubjectAccessReview(context: ApiContext, request: ApiRequest): Answer {
  const spec = recordAt(request.body, 'spec');
  const wanted = recordAt(spec, 'resourceAttributes');
  const url = recordAt(spec, 'nonResourceAttributes');
  if (!isRecord(request.body) || (wanted === undefined) === (url === undefined)) {
    throw new StatusError('BadRequest', 'spec must have exactly one of resourceAttributes and nonResourceAttributes');
  }
  const text = (member: string) => stringAt(wanted, member) ?? '';
  const allowed =
    wanted === undefined
      ? stringAt(url, 'verb') === 'get'
      : mayAccess(context.store, request.identity, {
          verb: text('verb'),
          group: text('group'),
          resource: text('resource'),
          subresource: text('subresource'),
          namespace: text('namespace') === '' ? undefined : text('namespace'),
          name: text('name') === '' ? undefined : text('name'),
        });
  return json(
    {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: { creationTimestamp: null },
      spec,
      status: { allowed, ...(allowed ? {} : { reason: 'no role allows it' }) },
    },
    201,
  );
}

/** `kubectl auth whoami`. */
export function selfSubjectReview(context: ApiContext, request: ApiRequest): Answer {
  const { userName, groups } = request.identity;
  return json(
    {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: kubeTime(context.clock()) },
      status: { userInfo: { username: userName, groups } },
    },
    201,
  );
}
