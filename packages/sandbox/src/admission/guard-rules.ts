import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
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

const planMark = 'countersign.dev/plan';
const createdMark = 'countersign.dev/created';
const marks = [planMark, 'countersign.dev/applied', createdMark];
const markPattern = /^pln_[A-Za-z0-9_-]{22}\/[1-9][0-9]{0,2}\/sha256:[0-9a-f]{64}$/;
const writtenKinds = [
  'apps/deployments',
  'apps/statefulsets',
  'apps/daemonsets',
  'apps/replicasets',
  'batch/jobs',
  'batch/cronjobs',
  '/services',
  '/configmaps',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'autoscaling/horizontalpodautoscalers',
  'policy/poddisruptionbudgets',
];
const deletedKinds = ['/pods'];
const protectedNamespaces = ['', 'kube-system', 'kube-public', 'kube-node-lease', 'countersign-system'];

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
    kind: "request.resource.group + '/' + request.resource.resource",
    annotations: 'object.metadata.?annotations.orValue({})',
    oldAnnotations: "request.operation == 'UPDATE' ? oldObject.metadata.?annotations.orValue({}) : {}",
    newMarks:
      "['countersign.dev/plan', 'countersign.dev/applied', 'countersign.dev/created'].filter(mark, mark in variables.annotations && variables.oldAnnotations[?mark] != optional.of(variables.annotations[mark]))",
    oldOwners: "request.operation == 'UPDATE' ? oldObject.metadata.?ownerReferences.orValue([]) : []",
    oldFinalizers: "request.operation == 'UPDATE' ? oldObject.metadata.?finalizers.orValue([]) : []",
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
        "variables.kind in ['apps/deployments', 'apps/statefulsets', 'apps/daemonsets', 'apps/replicasets', 'batch/jobs', 'batch/cronjobs', '/services', '/configmaps', 'networking.k8s.io/ingresses', 'networking.k8s.io/networkpolicies', 'autoscaling/horizontalpodautoscalers', 'policy/poddisruptionbudgets'] || (request.operation == 'DELETE' && variables.kind in ['/pods'])",
      message: 'the executor writes only the kinds that a plan may change, and only deletes pods',
      allows: ({ operation, resource }) => {
        const kind = `${resource.group}/${resource.plural}`;
        return writtenKinds.includes(kind) || (operation === 'DELETE' && deletedKinds.includes(kind));
      },
    },
    {
      expression:
        "has(request.namespace) && !(request.namespace in ['', 'kube-system', 'kube-public', 'kube-node-lease', 'countersign-system'])",
      message: 'the executor never writes in kube-system, kube-public, kube-node-lease or countersign-system',
      allows: (request) => !protectedNamespaces.includes(namespaceOf(request)),
    },
    {
      expression: "request.operation == 'DELETE' || size(variables.newMarks) == 1",
      message:
        "the executor's write must set exactly one of the annotations countersign.dev/plan, countersign.dev/applied and countersign.dev/created anew",
      allows: (request) => request.operation === 'DELETE' || newMarks(request).length === 1,
    },
    {
      expression:
        "request.operation == 'DELETE' || variables.newMarks.all(mark, variables.annotations[mark].matches('^pln_[A-Za-z0-9_-]{22}/[1-9][0-9]{0,2}/sha256:[0-9a-f]{64}$'))",
      message: "the executor's mark must read <planId>/<step>/sha256:<64 hex digits>",
      allows: (request) =>
        request.operation === 'DELETE' ||
        newMarks(request).every((mark) => markPattern.test(annotation(request.object, mark) ?? '')),
    },
    {
      expression:
        "request.operation == 'DELETE' || variables.newMarks.all(mark, (mark == 'countersign.dev/created') == (request.operation == 'CREATE'))",
      message:
        'the executor sets the annotation countersign.dev/created when it creates an object, always and only then',
      allows: (request) =>
        request.operation === 'DELETE' ||
        newMarks(request).every((mark) => (mark === createdMark) === (request.operation === 'CREATE')),
    },
    {
      expression:
        "request.operation == 'DELETE' || (has(request.options) && has(request.options.fieldManager) && request.options.fieldManager == 'countersign')",
      message: "the executor's field manager must be countersign",
      allows: (request) => request.operation === 'DELETE' || request.options.fieldManager === 'countersign',
    },
    {
      expression:
        "request.operation == 'DELETE' || !object.metadata.?managedFields.orValue([]).exists(entry, entry.?manager.orValue('') == 'countersign' && entry.?operation.orValue('') == 'Apply' && entry.?fieldsV1[?'f:metadata'][?'f:annotations'][?'f:countersign.dev/plan'].hasValue())",
      message:
        "the executor's server-side apply must carry the annotation countersign.dev/applied or countersign.dev/created",
      allows: (request) =>
        request.operation === 'DELETE' ||
        !managersOf(request.object).some((entry) => isOurApply(entry) && ownsPlanMark(entry)),
    },
    {
      expression:
        "request.operation != 'UPDATE' || variables.newMarks == ['countersign.dev/plan'] || oldObject.metadata.?managedFields.orValue([]).all(entry, (entry.?manager.orValue('') == 'countersign' && entry.?operation.orValue('') == 'Apply') || entry in object.metadata.?managedFields.orValue([]))",
      message: "the executor's server-side apply must leave every other manager its fields (no force)",
      allows: (request) =>
        request.operation !== 'UPDATE' ||
        isDeepStrictEqual(newMarks(request), [planMark]) ||
        managersOf(request.oldObject).every((entry) => isOurApply(entry) || standsIn(request.object, entry)),
    },
    {
      expression:
        "request.operation == 'DELETE' || !variables.oldOwners.exists(owner, owner.?controller.orValue(false))",
      message: 'the executor never changes an object that a controller owns',
      allows: (request) =>
        request.operation === 'DELETE' ||
        !listAt(request.oldObject, 'metadata', 'ownerReferences').some(
          (owner) => isRecord(owner) && owner.controller === true,
        ),
    },
    {
      expression:
        "request.operation == 'DELETE' || (object.metadata.?ownerReferences.orValue([]) == variables.oldOwners && object.metadata.?finalizers.orValue([]) == variables.oldFinalizers)",
      message: 'the executor never sets or changes ownerReferences or finalizers',
      allows: (request) =>
        request.operation === 'DELETE' ||
        ['ownerReferences', 'finalizers'].every((member) =>
          isDeepStrictEqual(listAt(request.object, 'metadata', member), listAt(request.oldObject, 'metadata', member)),
        ),
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

const annotation = (object: JsonRecord | undefined, key: string) => stringAt(object, 'metadata', 'annotations', key);

const namespaceOf = ({ object, oldObject }: AdmissionRequest): string =>
  stringAt(object ?? oldObject, 'metadata', 'namespace') ?? '';

/** The marks that this very write sets. */
const newMarks = ({ object, oldObject }: AdmissionRequest): readonly string[] =>
  marks.filter((mark) => {
    const value = annotation(object, mark);
    return value !== undefined && value !== annotation(oldObject, mark);
  });

const managersOf = (object: JsonRecord | undefined): readonly unknown[] => listAt(object, 'metadata', 'managedFields');

const isOurApply = (entry: unknown): boolean =>
  isRecord(entry) && entry.manager === 'countersign' && entry.operation === 'Apply';

const ownsPlanMark = (entry: unknown): boolean =>
  recordAt(entry, 'fieldsV1', 'f:metadata', 'f:annotations')?.[`f:${planMark}`] !== undefined;

const standsIn = (object: JsonRecord | undefined, entry: unknown): boolean =>
  managersOf(object).some((now) => isDeepStrictEqual(now, entry));

function namesOneVersion(request: AdmissionRequest): boolean {
  const given = (member: string) => (stringAt(request.options, 'preconditions', member) ?? '') !== '';
  return request.name !== '' && given('uid') && given('resourceVersion');
}
