/** The guard policies as this release ships them: what the cluster must hold before anything is proposed or executed. */
import { isDeepStrictEqual } from 'node:util';
import { type Digest, digestOf, type Json } from '@countersign/approvals';
import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject, listAt, objectAt, textAt } from '../objects/json-at.ts';
import { ADMISSION_BINDINGS, ADMISSION_POLICIES, type ResourceKind } from '../objects/resource-kinds.ts';

export interface GuardManifest {
  readonly kind: ResourceKind;
  readonly name: string;
  /** With the API server's defaults filled in. */
  readonly spec: JsonObject;
}

/** Throws an Error where the text holds no policy, or a policy without a binding that denies: a guard that guards nothing must not start. */
export function readGuardManifests(yamlText: string): readonly GuardManifest[] {
  const guards = parseAllDocuments(yamlText).flatMap((document): readonly GuardManifest[] => {
    if (document.errors.length > 0) throw new Error('guard manifests: the text is not YAML');
    const object = document.toJS() as Json;
    const kind = [ADMISSION_POLICIES, ADMISSION_BINDINGS].find((known) => known.kind === textAt(object, 'kind'));
    const name = textAt(object, 'metadata', 'name');
    return kind === undefined || name === undefined
      ? []
      : [{ kind, name, spec: withDefaults(kind, objectAt(object, 'spec')) }];
  });
  const policies = guards.filter(({ kind }) => kind === ADMISSION_POLICIES);
  const bound = policies.every((policy) =>
    guards.some(
      ({ kind, spec }) => kind === ADMISSION_BINDINGS && textAt(spec, 'policyName') === policy.name && denies(spec),
    ),
  );
  if (policies.length === 0 || !bound || policies.some(({ spec }) => textAt(spec, 'failurePolicy') !== 'Fail')) {
    throw new Error('guard manifests: every policy needs failurePolicy Fail and a binding that denies');
  }
  return guards;
}

export const denies = (bindingSpec: JsonObject): boolean => listAt(bindingSpec, 'validationActions').includes('Deny');

/** Over kind, name and spec of each, sorted: the order in which they were read is no difference. */
export function guardHash(
  guards: readonly { readonly kind: ResourceKind; readonly name: string; readonly spec: Json }[],
): Digest {
  const entries = guards.map(({ kind, name, spec }) => ({ kind: kind.kind, name, spec }));
  const keyOf = (entry: { readonly kind: string; readonly name: string }): string => `${entry.kind}/${entry.name}`;
  return digestOf(
    'countersign.dev/guard/v1',
    entries.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  );
}

/**
 * The defaults of admissionregistration.k8s.io/v1, so that a manifest and the stored object compare equal. Each says the same as its
 * absence; anything else that differs is a difference.
 */
export function withDefaults(kind: ResourceKind, spec: JsonObject): JsonObject {
  const constraints = kind === ADMISSION_POLICIES ? 'matchConstraints' : 'matchResources';
  const match = spec[constraints];
  return {
    ...(kind === ADMISSION_POLICIES ? { failurePolicy: 'Fail' } : {}),
    ...spec,
    ...(isObject(match) ? { [constraints]: withMatchDefaults(match) } : {}),
  };
}

function withMatchDefaults(match: JsonObject): JsonObject {
  const rules = (list: string): JsonObject =>
    listAt(match, list).length === 0
      ? {}
      : { [list]: listAt(match, list).map((rule) => ({ scope: '*', ...objectAt(rule) })) };
  return {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    ...match,
    ...rules('resourceRules'),
    ...rules('excludeResourceRules'),
  };
}

export const sameSpec = (a: Json, b: Json): boolean => isDeepStrictEqual(a, b);
