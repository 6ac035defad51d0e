import { isRecord, listAt, stringAt } from '../json/record.ts';
import type { AdmissionRequest } from './admission-request.ts';

/**
 * Countersign's two guard policies, natively: the sandbox has no CEL engine. Each rule stands beside the expression of infra/cluster/guard-policies.yaml
 * that it stands for, and a test compares these texts with the manifest: whoever changes an expression there comes by here.
 */
export interface GuardPolicy {
  /** The name of the ValidatingAdmissionPolicy and of its binding. */
  readonly name: string;
  readonly matchCondition: string;
  readonly userName: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly validations: readonly GuardValidation[];
}

export interface GuardValidation {
  readonly expression: string;
  readonly message: string;
  readonly allows: (request: AdmissionRequest) => boolean;
}

const annotation = 'countersign.dev/plan';
const markPattern = /^pln_[A-Za-z0-9_-]{22}\/[1-9][0-9]{0,2}\/sha256:[0-9a-f]{64}$/;
const writableResources = ['apps/deployments', 'apps/statefulsets', 'apps/daemonsets', '/services', '/configmaps'];

const markOf = (object: AdmissionRequest['object']) => stringAt(object, 'metadata', 'annotations', annotation) ?? '';

/** Stops a compromised or mistaken proposer, whose role must allow writes because Kubernetes authorises a dry run like the write. */
const proposer: GuardPolicy = {
  name: 'countersign-proposer-dry-run-only',
  matchCondition: "request.userInfo.username == 'system:serviceaccount:countersign-system:countersign-proposer'",
  userName: 'system:serviceaccount:countersign-system:countersign-proposer',
  variables: {},
  validations: [
    {
      expression: 'has(request.dryRun) && request.dryRun',
      message: 'the proposer may only dry-run',
      allows: (request) => request.dryRun,
    },
  ],
};

/** Stops a compromised or mistaken executor from any write that does not say which approved plan it belongs to. */
const executor: GuardPolicy = {
  name: 'countersign-executor-marked-writes',
  matchCondition: "request.userInfo.username == 'system:serviceaccount:countersign-system:countersign-executor'",
  userName: 'system:serviceaccount:countersign-system:countersign-executor',
  variables: {
    mark: "request.operation in ['CREATE', 'UPDATE'] && has(object.metadata.annotations) && 'countersign.dev/plan' in object.metadata.annotations ? object.metadata.annotations['countersign.dev/plan'] : ''",
    oldMark:
      "request.operation == 'UPDATE' && has(oldObject.metadata.annotations) && 'countersign.dev/plan' in oldObject.metadata.annotations ? oldObject.metadata.annotations['countersign.dev/plan'] : ''",
  },
  validations: [
    {
      expression:
        "request.operation in ['CREATE', 'UPDATE', 'DELETE'] && (!has(request.subResource) || request.subResource == '')",
      message: 'the executor writes objects themselves, never a subresource or a connection',
      allows: (request) => request.operation !== 'CONNECT' && request.subresource === '',
    },
    {
      expression:
        "(request.resource.group + '/' + request.resource.resource) in ['apps/deployments', 'apps/statefulsets', 'apps/daemonsets', '/services', '/configmaps']",
      message: 'the executor may write only deployments, statefulsets, daemonsets, services and configmaps',
      allows: ({ resource }) => writableResources.includes(`${resource.group}/${resource.plural}`),
    },
    {
      expression:
        "request.operation == 'DELETE' || variables.mark.matches('^pln_[A-Za-z0-9_-]{22}/[1-9][0-9]{0,2}/sha256:[0-9a-f]{64}$')",
      message:
        "the executor's write must carry the annotation countersign.dev/plan as <planId>/<step>/sha256:<64 hex digits>",
      allows: (request) => request.operation === 'DELETE' || markPattern.test(markOf(request.object)),
    },
    {
      expression: "request.operation != 'UPDATE' || variables.mark != variables.oldMark",
      message: 'the annotation countersign.dev/plan must be new with each write of the executor',
      allows: (request) => request.operation !== 'UPDATE' || markOf(request.object) !== markOf(request.oldObject),
    },
    {
      expression:
        "request.operation == 'DELETE' || (has(request.options) && has(request.options.fieldManager) && request.options.fieldManager == 'countersign')",
      message: "the executor's field manager must be countersign",
      allows: (request) => request.operation === 'DELETE' || request.options.fieldManager === 'countersign',
    },
    {
      expression:
        "request.operation == 'DELETE' || ((!has(request.options) || !has(request.options.force) || request.options.force != true) && (!has(object.metadata.managedFields) || !object.metadata.managedFields.exists(entry, has(entry.manager) && entry.manager == 'countersign' && has(entry.operation) && entry.operation == 'Apply')))",
      message: 'the executor never applies server-side and never forces',
      allows: (request) =>
        request.operation === 'DELETE' || (request.options.force !== true && !appliedByCountersign(request)),
    },
    {
      expression:
        "request.operation != 'DELETE' || (has(request.name) && request.name != '' && has(request.options) && has(request.options.preconditions) && has(request.options.preconditions.uid) && request.options.preconditions.uid != '' && has(request.options.preconditions.resourceVersion) && request.options.preconditions.resourceVersion != '')",
      message: "the executor's delete must name one object and carry uid and resourceVersion preconditions",
      allows: (request) => request.operation !== 'DELETE' || namesOneVersion(request),
    },
  ],
};

export const guardPolicies: readonly GuardPolicy[] = [proposer, executor];

function appliedByCountersign(request: AdmissionRequest): boolean {
  return listAt(request.object, 'metadata', 'managedFields').some(
    (entry) => isRecord(entry) && entry.manager === 'countersign' && entry.operation === 'Apply',
  );
}

function namesOneVersion(request: AdmissionRequest): boolean {
  const given = (member: string) => (stringAt(request.options, 'preconditions', member) ?? '') !== '';
  return request.name !== '' && given('uid') && given('resourceVersion');
}
