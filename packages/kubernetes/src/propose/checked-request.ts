/** What was asked, checked before any request leaves: names, kinds, namespaces, documents, and what the policy's rules can say without the object. */
import {
  type ChangeRequest,
  INTENT_STEPS_MAX,
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
  targetKey,
} from '@countersign/approvals';
import { unfitDocument } from '../change/document-size.ts';
import { manifestIssues, wholeManifest } from '../change/manifest-rules.ts';
import { isOwnAnnotation } from '../change/metadata-rules.ts';
import { patchIssues } from '../change/patch-rules.ts';
import { findingsOf } from '../deny-rules/findings.ts';
import { parseImage } from '../deny-rules/image-reference.ts';
import { type ChangeableKind, changeableKind, kindsThatCan } from '../objects/changeable-kinds.ts';
import { neutralise } from '../redaction/neutralise.ts';
import { hiddenInOperation } from './hidden-in-operation.ts';

/** A rollback whose template has not been looked up yet; everything else is an operation already. */
export type AskedOperation =
  | Exclude<Operation, { type: 'rollback' }>
  | { readonly type: 'rollback'; readonly revision: number | null };

/** A request that may become a step: only checkRequests makes one. */
export interface CheckedRequest {
  readonly kind: ChangeableKind;
  /** Without uid: what it is has not been read yet. */
  readonly target: Target;
  readonly operation: AskedOperation;
  readonly [checked]: true;
}
declare const checked: unique symbol;

export function checkRequests(
  requests: readonly ChangeRequest[],
  policy: Policy,
  now: Date,
): Result<readonly CheckedRequest[], Refusal> {
  if (requests.length === 0 || requests.length > INTENT_STEPS_MAX)
    return refuse({ code: 'request.invalid', issues: [`changes: 1 to ${INTENT_STEPS_MAX}`] });
  const all: CheckedRequest[] = [];
  const denied = [];
  for (const [at, request] of requests.entries()) {
    const one = checkRequest(request, now);
    if (!one.ok) return refuse(requests.length === 1 ? one.refusal : inChange(at + 1, one.refusal));
    const { target, operation } = one.value;
    if (all.some((other) => targetKey(other.target) === targetKey(target))) {
      const named = `${target.kind} ${target.namespace}/${target.name}`;
      return refuse({ code: 'request.invalid', issues: [`changes: ${named} is named twice; one change an object`] });
    }
    all.push(one.value);
    const facts = { policy, target, operation: asOperation(operation), live: null, after: null };
    denied.push(...findingsOf(at + 1, facts).filter(({ severity }) => severity === 'deny'));
  }
  return denied.length > 0 ? refuse({ code: 'policy.denied', findings: denied }) : pass(all);
}

/** Rules that need the template judge it with the dry run. */
const asOperation = (asked: AskedOperation): Operation =>
  asked.type === 'rollback' ? { type: 'rollback', revision: asked.revision ?? 1, template: {} } : asked;

const inChange = (step: number, refusal: Refusal): Refusal =>
  refusal.code === 'request.invalid'
    ? { ...refusal, issues: refusal.issues.map((issue) => `change ${step}: ${issue}`) }
    : refusal;

function checkRequest(request: ChangeRequest, now: Date): Result<CheckedRequest, Refusal> {
  const { operation: asked } = request;
  const kind = changeableKind(request.kind);
  if (kind === undefined || !kind.operations.includes(asked.type)) {
    const allowed = kindsThatCan(asked.type);
    return refuse({ code: 'target.kind_not_supported', kind: neutralise(request.kind, 63), allowed });
  }
  // Flags, paths, shell text and line ends stop here, as values that are no names.
  const names = [
    ...(NAMESPACE_PATTERN.test(request.namespace) ? [] : ['namespace: it is no RFC 1123 label']),
    ...(OBJECT_NAME_PATTERN.test(request.name) ? [] : ['name: it is no RFC 1123 subdomain']),
  ];
  if (names.length > 0) return refuse({ code: 'request.invalid', issues: names });
  const { apiVersion } = kind;
  const target: Target = { apiVersion, kind: kind.kind, namespace: request.namespace, name: request.name, uid: null };
  const operation = checkOperation(asked, target, kind, now);
  return operation.ok ? pass({ kind, target, operation: operation.value } as CheckedRequest) : operation;
}

function checkOperation(
  asked: ChangeRequest['operation'],
  target: Target,
  kind: ChangeableKind,
  now: Date,
): Result<AskedOperation, Refusal> {
  const document = asked.type === 'patch' ? asked.patch : asked.type === 'apply' ? asked.manifest : null;
  const unfit = unfitDocument(document);
  if (unfit !== undefined) return refuse(unfit);
  if (asked.type === 'rollback') {
    const { revision } = asked;
    return revision === null || (Number.isSafeInteger(revision) && revision > 0)
      ? pass(asked)
      : refuse({ code: 'request.invalid', issues: ['revision: it is no number of a revision'] });
  }
  // The timestamp of a restart is made here, once, in whole seconds: the approved instant is the executed one.
  const parsed = operationSchema.safeParse(
    asked.type === 'restart' ? { type: 'restart', restartedAt: `${now.toISOString().slice(0, 19)}Z` } : asked,
  );
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path }) => `${issuePath(path)}: it is not valid`);
    return refuse({ code: 'request.invalid', issues: [...new Set(issues)] });
  }
  const operation = parsed.data;
  const issues = operationIssues(operation, target, kind);
  if (issues.length > 0 || operation.type === 'rollback') return refuse({ code: 'request.invalid', issues });
  const hidden = hiddenInOperation(operation);
  if (hidden.length > 0) return refuse({ code: 'evidence.hidden_change', paths: hidden });
  return pass(
    operation.type === 'apply'
      ? { ...operation, manifest: { ...wholeManifest(operation.manifest, target) } }
      : operation,
  );
}

/** The first member alone: what lies below it may be a key that somebody made up. */
const issuePath = ([member]: readonly PropertyKey[]): string => String(member ?? 'operation');

function operationIssues(operation: Operation, target: Target, kind: ChangeableKind): readonly string[] {
  switch (operation.type) {
    case 'set-image':
      return parseImage(operation.image) === undefined ? ['image: it is no image reference'] : [];
    case 'annotate':
      return Object.keys(operation.annotations).some(isOwnAnnotation)
        ? ["annotations: countersign.dev/* are Countersign's"]
        : [];
    case 'patch':
      return patchIssues(operation.patchType, operation.patch, kind);
    case 'apply':
      return manifestIssues(operation.manifest, target, kind.template);
    default:
      return [];
  }
}
