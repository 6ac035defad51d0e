import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { createResourceCatalogue } from '../resources/resource-catalogue.ts';
import { createObjectStore } from '../store/create-object-store.ts';
import type { NewObject } from '../store/object-store.ts';
import type { AdmissionRequest } from './admission-request.ts';
import { admit } from './admit.ts';
import { guardPolicies } from './guard-rules.ts';

const infra = new URL('../../../../infra/cluster/', import.meta.url);

function manifests(file: string): JsonRecord[] {
  const documents = parseAllDocuments(readFileSync(new URL(file, infra), 'utf8'));
  return documents.map((document) => document.toJS() as JsonRecord);
}

const guards = manifests('guard-policies.yaml');

interface GuardCase {
  title: string;
  allowed: boolean;
  /** Part of the message of the rule that refuses. */
  refusal?: string;
  userName: string;
  operation: AdmissionRequest['operation'];
  group: string;
  resource: string;
  subresource: string;
  name: string;
  object: JsonRecord | null;
  oldObject: JsonRecord | null;
  options: JsonRecord;
  dryRun: boolean;
}

/** Data, not code, so that a CEL engine can be held to the same cases. */
const guardCases = JSON.parse(readFileSync(new URL('guard-cases.json', import.meta.url), 'utf8')) as GuardCase[];

const unguardedWrite: GuardCase = {
  title: '',
  allowed: false,
  userName: 'system:serviceaccount:countersign-system:countersign-proposer',
  operation: 'UPDATE',
  group: 'apps',
  resource: 'deployments',
  subresource: '',
  name: 'web',
  object: {},
  oldObject: {},
  options: {},
  dryRun: false,
};

function storeWith(objects: readonly JsonRecord[]) {
  const store = createObjectStore({ clock: () => new Date(0) });
  for (const object of objects) {
    const plural =
      object.kind === 'ValidatingAdmissionPolicy' ? 'validatingadmissionpolicies' : 'validatingadmissionpolicybindings';
    store.create(`${plural}.admissionregistration.k8s.io`, object as NewObject);
  }
  return store;
}

function requestOf({ group, resource: plural, object, oldObject, ...rest }: GuardCase): AdmissionRequest {
  return {
    ...rest,
    resource: { key: group === '' ? plural : `${plural}.${group}`, group, plural },
    object: object ?? undefined,
    oldObject: oldObject ?? undefined,
  };
}

describe('the guard policies in the sandbox', () => {
  it.each(guardCases)('$title', (guardCase) => {
    const attempt = () => admit(storeWith(guards), requestOf(guardCase));
    if (guardCase.allowed) return expect(attempt).not.toThrow();
    expect(attempt).toThrow(
      /ValidatingAdmissionPolicy 'countersign-[a-z-]+' with binding 'countersign-[a-z-]+' denied request/,
    );
    expect(guardCase.refusal).toBeTruthy();
    expect(attempt).toThrow(guardCase.refusal);
  });

  it('are not enforced where the policy, the binding, or its Deny is missing', () => {
    const write = requestOf(unguardedWrite);
    const without = (kind: string) => guards.filter((object) => object.kind !== kind);
    expect(() => admit(storeWith(without('ValidatingAdmissionPolicy')), write)).not.toThrow();
    expect(() => admit(storeWith(without('ValidatingAdmissionPolicyBinding')), write)).not.toThrow();
    const warned = guards.map((object) =>
      object.kind === 'ValidatingAdmissionPolicyBinding'
        ? { ...object, spec: { ...recordAt(object, 'spec'), validationActions: ['Warn'] } }
        : object,
    );
    expect(() => admit(storeWith(warned), write)).not.toThrow();
  });

  it('never keep anybody from changing the policies themselves, as in the real API server', () => {
    const policies = createResourceCatalogue().byKey('validatingadmissionpolicies.admissionregistration.k8s.io');
    if (policies === undefined) throw new Error('not served');
    const write = { ...requestOf(unguardedWrite), resource: policies };
    expect(() => admit(storeWith(guards), write)).not.toThrow();
  });
});

// The sandbox has no CEL engine. If this fails, an expression of infra/cluster/guard-policies.yaml has changed: change the native rule beside the
// text in guard-rules.ts so that it means the same, add its cases to guard-cases.json, and only then copy the text.
describe('the manifest and the native rules', () => {
  const policies = guards.filter((object) => object.kind === 'ValidatingAdmissionPolicy');
  const bindings = guards.filter((object) => object.kind === 'ValidatingAdmissionPolicyBinding');
  const oneLine = (text: string | undefined) => text?.replace(/\s+/g, ' ').trim();

  it.each(guardPolicies)('say the same in $name', (native) => {
    const spec = policies.find((object) => stringAt(object, 'metadata', 'name') === native.name)?.spec;
    expect(listAt(spec, 'matchConditions').map((one) => oneLine(stringAt(one, 'expression')))).toEqual([
      native.matchCondition,
    ]);
    const variables = listAt(spec, 'variables').map((one) => [
      stringAt(one, 'name'),
      oneLine(stringAt(one, 'expression')),
    ]);
    expect(Object.fromEntries(variables)).toEqual(native.variables);
    const validations = listAt(spec, 'validations').map((one) => ({
      expression: oneLine(stringAt(one, 'expression')),
      message: stringAt(one, 'message'),
    }));
    expect(validations).toEqual(native.validations.map(({ expression, message }) => ({ expression, message })));
  });

  it('name the same policies', () => {
    expect(policies.map((object) => stringAt(object, 'metadata', 'name'))).toEqual(
      guardPolicies.map((policy) => policy.name),
    );
  });

  it('fail closed, deny, exclude nothing and cover everything', () => {
    for (const policy of policies) {
      expect(policy.spec).toMatchObject({
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'], scope: '*' }],
        },
      });
      expect(recordAt(policy, 'spec', 'matchConstraints')).not.toHaveProperty('excludeResourceRules');
    }
    for (const binding of bindings) {
      const name = stringAt(binding, 'metadata', 'name');
      expect(binding.spec).toEqual({ policyName: name, validationActions: ['Deny'] });
    }
    expect(bindings).toHaveLength(policies.length);
  });
});

describe('the roles', () => {
  const roles = manifests('rbac.yaml').filter((object) => object.kind === 'ClusterRole');
  const rulesOf = (name: string) => {
    const role = roles.find((object) => stringAt(object, 'metadata', 'name') === name);
    return listAt(role, 'rules').filter(isRecord);
  };
  const verbsOf = (name: string) =>
    Object.fromEntries(
      rulesOf(name).flatMap((rule) =>
        listAt(rule, 'apiGroups').flatMap((group) =>
          listAt(rule, 'resources').map((plural) => [`${group}/${plural}`, [...listAt(rule, 'verbs')].sort()]),
        ),
      ),
    );
  const written = ['create', 'delete', 'get', 'list', 'patch'];
  const deleted = ['delete', 'get', 'list'];
  const changing = (name: string) =>
    Object.entries(verbsOf(name)).filter(([, verbs]) =>
      verbs.some((verb) => written.includes(String(verb)) && !['get', 'list'].includes(String(verb))),
    );

  it('let proposer and executor change exactly the kinds that the executor policy names, and only delete those that it only lets delete', () => {
    const rule = guardPolicies
      .flatMap((policy) => policy.validations)
      .find((validation) => validation.message.includes('only the kinds'));
    const lists = [...(rule?.expression ?? '').matchAll(/variables\.kind in \[([^\]]+)\]/g)].map(([, list]) =>
      (list ?? '').split(', ').map((kind) => kind.slice(1, -1)),
    );
    expect(lists).toHaveLength(2);
    const [writable = [], deletable = []] = lists;
    const granted = Object.fromEntries([
      ...writable.map((kind) => [kind, written]),
      ...deletable.map((kind) => [kind, deleted]),
    ]);
    for (const name of ['countersign-proposer', 'countersign-executor'])
      expect(Object.fromEntries(changing(name))).toEqual(granted);
    // The executor reads nothing beside what it writes.
    expect(verbsOf('countersign-executor')).toEqual(granted);
    expect(changing('countersign-reader')).toEqual([]);
    expect(changing('countersign-cluster-facts')).toEqual([]);
  });

  it('list verbs and resources one by one: no wildcard, no written subresource, no Secret, nothing that lends rights', () => {
    const allowed = new Set(['get', 'list', 'watch', 'create', 'patch', 'delete']);
    for (const role of roles) {
      for (const rule of listAt(role, 'rules')) {
        for (const verb of listAt(rule, 'verbs')) expect(allowed).toContain(verb);
        for (const plural of listAt(rule, 'resources')) {
          expect(plural === 'pods/log' || /^[a-z]+$/.test(String(plural))).toBe(true);
          expect(plural).not.toBe('secrets');
        }
        for (const group of listAt(rule, 'apiGroups')) expect(group).not.toBe('*');
        expect(rule).not.toHaveProperty('nonResourceURLs');
      }
    }
  });
});
