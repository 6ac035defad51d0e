import { listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import type { Identity } from './identity.ts';

/** What somebody wants to do to a resource, in RBAC's words. */
export interface ResourceAccess {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** '' for the object itself. */
  readonly subresource: string;
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
  /** Undefined where no single object is meant. */
  readonly name: string | undefined;
}

const rbac = 'rbac.authorization.k8s.io';

/** Every authenticated user may ask what they may do (the real cluster's system:basic-user). */
const forEveryone = new Set([
  'create authorization.k8s.io/selfsubjectaccessreviews',
  'create authentication.k8s.io/selfsubjectreviews',
]);

/**
 * Whether the roles that lie in the store allow it: RBAC as the real authoriser evaluates it, so that the manifests of infra/cluster are what is
 * tested here. `system:masters` may do everything, as in a real cluster.
 */
export function mayAccess(store: ObjectStore, identity: Identity, access: ResourceAccess): boolean {
  if (identity.groups.includes('system:masters')) return true;
  if (forEveryone.has(`${access.verb} ${access.group}/${access.resource}`)) return true;
  for (const binding of store.list(`clusterrolebindings.${rbac}`)) {
    if (binds(binding, identity) && rulesOf(store, binding).some((rule) => allows(rule, access))) return true;
  }
  if (access.namespace === undefined) return false;
  return store
    .list(`rolebindings.${rbac}`, access.namespace)
    .some((binding) => binds(binding, identity) && rulesOf(store, binding).some((rule) => allows(rule, access)));
}

function binds(binding: KubeObject, identity: Identity): boolean {
  return listAt(binding, 'subjects').some((subject) => {
    const name = stringAt(subject, 'name');
    switch (stringAt(subject, 'kind')) {
      case 'User':
        return identity.userName === name;
      case 'Group':
        return name !== undefined && identity.groups.includes(name);
      case 'ServiceAccount':
        return (
          identity.userName ===
          `system:serviceaccount:${stringAt(subject, 'namespace') ?? binding.metadata.namespace}:${name}`
        );
      default:
        return false;
    }
  });
}

function rulesOf(store: ObjectStore, binding: KubeObject): readonly unknown[] {
  const roleRef = recordAt(binding, 'roleRef');
  const name = stringAt(roleRef, 'name') ?? '';
  const role =
    stringAt(roleRef, 'kind') === 'ClusterRole'
      ? store.get(`clusterroles.${rbac}`, undefined, name)
      : store.get(`roles.${rbac}`, binding.metadata.namespace, name);
  return listAt(role, 'rules');
}

function allows(rule: unknown, access: ResourceAccess): boolean {
  const names = listAt(rule, 'resourceNames');
  const resource = access.subresource === '' ? access.resource : `${access.resource}/${access.subresource}`;
  return (
    includes(listAt(rule, 'verbs'), access.verb) &&
    includes(listAt(rule, 'apiGroups'), access.group) &&
    (includes(listAt(rule, 'resources'), resource) || listAt(rule, 'resources').includes(`*/${access.subresource}`)) &&
    (names.length === 0 || (access.name !== undefined && names.includes(access.name)))
  );
}

function includes(allowed: readonly unknown[], wanted: string): boolean {
  return allowed.includes('*') || allowed.includes(wanted);
}
