import { listAt, stringAt } from '../json/record.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { AdmissionRequest } from './admission-request.ts';
import { type GuardPolicy, guardPolicies } from './guard-rules.ts';

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const bindings = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';

/** Resources that ask instead of change; the real API server keeps them out of admission policies too. */
const questions = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
]);

/**
 * Validating admission: throws StatusError Forbidden where a guard policy that lies in the store refuses the write. Of other policies the sandbox
 * keeps the objects and enforces nothing.
 */
export function admit(store: ObjectStore, request: AdmissionRequest): void {
  if (questions.has(request.resource.key)) return;
  // Admission policies are exempt from themselves, as in the real API server: otherwise a bad one could never be removed.
  if (request.resource.key === policies || request.resource.key === bindings) return;
  for (const policy of guardPolicies) {
    if (policy.userName !== request.userName || !isInForce(store, policy)) continue;
    const refused = policy.validations.find((validation) => !validation.allows(request));
    if (refused !== undefined) throw denied(request, policy, refused.message);
  }
}

function isInForce(store: ObjectStore, policy: GuardPolicy): boolean {
  if (store.get(policies, undefined, policy.name) === undefined) return false;
  const binding = store.get(bindings, undefined, policy.name);
  return (
    stringAt(binding, 'spec', 'policyName') === policy.name &&
    listAt(binding, 'spec', 'validationActions').includes('Deny')
  );
}

function denied(request: AdmissionRequest, policy: GuardPolicy, reason: string): StatusError {
  const message = `ValidatingAdmissionPolicy '${policy.name}' with binding '${policy.name}' denied request: ${reason}`;
  return new StatusError('Forbidden', `${request.resource.key} "${request.name}" is forbidden: ${message}`, {
    ...(request.name === '' ? {} : { name: request.name }),
    ...(request.resource.group === '' ? {} : { group: request.resource.group }),
    kind: request.resource.plural,
    causes: [{ reason: 'Forbidden', message, field: '' }],
  });
}
