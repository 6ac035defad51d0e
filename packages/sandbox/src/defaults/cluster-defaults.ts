import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { fill } from './fill.ts';

export function defaultNamespace(namespace: JsonRecord): void {
  const metadata = recordAt(namespace, 'metadata');
  if (metadata !== undefined) {
    // Namespaces can be selected by name through this label, which the API server keeps.
    metadata.labels = { ...recordAt(metadata, 'labels'), 'kubernetes.io/metadata.name': metadata.name };
  }
  fill(namespace, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } });
}

/** stringData is a way to write data; it is never stored. */
export function defaultSecret(secret: JsonRecord): void {
  fill(secret, { type: 'Opaque' });
  const plain = recordAt(secret, 'stringData');
  if (plain === undefined) return;
  const data = { ...recordAt(secret, 'data') };
  for (const [key, value] of Object.entries(plain)) data[key] = Buffer.from(String(value)).toString('base64');
  secret.data = data;
  delete secret.stringData;
}

export function defaultEndpointSlice(slice: JsonRecord): void {
  for (const port of listAt(slice, 'ports')) if (isRecord(port)) fill(port, { name: '', protocol: 'TCP' });
}

export function defaultBinding(binding: JsonRecord): void {
  const roleRef = recordAt(binding, 'roleRef');
  if (roleRef !== undefined) fill(roleRef, { apiGroup: 'rbac.authorization.k8s.io' });
  for (const subject of listAt(binding, 'subjects')) {
    if (isRecord(subject) && subject.kind !== 'ServiceAccount')
      fill(subject, { apiGroup: 'rbac.authorization.k8s.io' });
  }
}

export function defaultAdmissionPolicy(policy: JsonRecord): void {
  const spec = recordAt(policy, 'spec');
  if (spec === undefined) return;
  fill(spec, { failurePolicy: 'Fail' });
  const constraints = recordAt(spec, 'matchConstraints');
  if (constraints === undefined) return;
  fill(constraints, { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  for (const rule of listAt(constraints, 'resourceRules')) if (isRecord(rule)) fill(rule, { scope: '*' });
  fill(policy, { status: {} });
}

export function defaultDefinition(definition: JsonRecord): void {
  const spec = recordAt(definition, 'spec');
  const names = recordAt(spec, 'names');
  if (spec === undefined) return;
  fill(spec, { conversion: { strategy: 'None' } });
  const kind = stringAt(names, 'kind') ?? '';
  if (names !== undefined) fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
}

export function defaultClaim(claim: JsonRecord): void {
  fill(recordAt(claim, 'spec') ?? {}, { volumeMode: 'Filesystem' });
  fill(claim, { status: { phase: 'Pending' } });
}

/** Without a word about it a policy is about what comes in, and about what goes out where it has rules for that. */
export function defaultNetworkPolicy(policy: JsonRecord): void {
  const spec = recordAt(policy, 'spec');
  if (spec === undefined) return;
  fill(spec, { policyTypes: ['Ingress', ...(listAt(spec, 'egress').length === 0 ? [] : ['Egress'])] });
}
