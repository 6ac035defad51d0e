/** What was asked, checked before any request leaves: names, kind, namespace, and what the policy's rules can say without the object. */
import {
  type ChangeRequest,
  NAMESPACE_PATTERN,
  OBJECT_NAME_PATTERN,
  type Operation,
  operation as operationSchema,
  type Policy,
  pass,
  type Refusal,
  type Result,
  refuse,
  type Target,
} from '@countersign/approvals';
import { findingsOf } from '../deny-rules/findings.ts';
import { parseImage } from '../deny-rules/image-reference.ts';
import { CHANGEABLE_KINDS } from '../objects/resource-kinds.ts';
import { neutralise } from '../redaction/neutralise.ts';

/** A request that may become an intent: only checkRequest makes one. */
export interface CheckedRequest {
  readonly target: Target;
  readonly operation: Operation;
  readonly [checked]: true;
}
declare const checked: unique symbol;

const SERVED: readonly string[] = ['restart', 'scale', 'set-image'];

export function checkRequest(
  [request, ...more]: readonly ChangeRequest[],
  policy: Policy,
  now: Date,
): Result<CheckedRequest, Refusal> {
  if (request === undefined || more.length > 0)
    return refuse({ code: 'request.invalid', issues: ['changes: one change a plan'] });
  if (!SERVED.includes(request.operation.type))
    return refuse({ code: 'request.invalid', issues: [`operation: one of ${SERVED.join(', ')}`] });
  const kind = CHANGEABLE_KINDS.find((known) => known.kind === request.kind);
  if (kind === undefined) {
    const allowed = CHANGEABLE_KINDS.map((known) => known.kind);
    return refuse({ code: 'target.kind_not_supported', kind: neutralise(request.kind, 63), allowed });
  }
  // The timestamp of a restart is made here, once, in whole seconds: the approved instant is the executed one.
  const asked =
    request.operation.type === 'restart'
      ? { type: 'restart', restartedAt: `${now.toISOString().slice(0, 19)}Z` }
      : request.operation;
  const operation = operationSchema.safeParse(asked);
  // Flags, paths, shell text and line ends stop here, as values that are no names.
  const issues = [
    ...(NAMESPACE_PATTERN.test(request.namespace) ? [] : ['namespace: it is no RFC 1123 label']),
    ...(OBJECT_NAME_PATTERN.test(request.name) ? [] : ['name: it is no RFC 1123 subdomain']),
    ...(operation.success
      ? operation.data.type === 'set-image' && parseImage(operation.data.image) === undefined
        ? ['image: it is no image reference']
        : []
      : operation.error.issues.map((issue) => `${issue.path.join('.') || 'operation'}: it is not valid`)),
  ];
  if (issues.length > 0 || !operation.success) return refuse({ code: 'request.invalid', issues });

  const target: Target = {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    namespace: request.namespace,
    name: request.name,
    uid: null,
  };
  const denied = findingsOf(1, { policy, target, operation: operation.data, live: null, after: null }).filter(
    (finding) => finding.severity === 'deny',
  );
  if (denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });
  return pass({ target, operation: operation.data } as CheckedRequest);
}
