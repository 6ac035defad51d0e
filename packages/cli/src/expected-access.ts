/** What each identity must be able to do in a namespace that was handed over, and what it must not, wherever. */
import type { Access, IdentityName } from '@countersign/kubernetes';

const inGroup =
  (group: string, resource: string) =>
  (verb: string, more: Partial<Access> = {}): Access => ({ verb, group, resource, ...more });
const deployments = inGroup('apps', 'deployments');
const pods = inGroup('', 'pods');
const policies = inGroup('admissionregistration.k8s.io', 'validatingadmissionpolicies');
const tokens = inGroup('', 'serviceaccounts')('create', { subresource: 'token', namespace: 'countersign-system' });

export function mustBeAllowed(identity: IdentityName, namespace: string): readonly Access[] {
  const seeing = [deployments('get', { namespace }), policies('list')];
  if (identity === 'reader')
    return [...seeing, pods('list', { namespace }), pods('get', { namespace, subresource: 'log' })];
  return [
    ...seeing,
    ...['create', 'patch', 'delete'].map((verb) => deployments(verb, { namespace })),
    inGroup('', 'configmaps')('patch', { namespace }),
    pods('delete', { namespace }),
  ];
}

export function mustBeRefused(identity: IdentityName, namespace: string): readonly Access[] {
  const everybody = [
    inGroup('', 'secrets')('get', { namespace }),
    inGroup('', 'secrets')('list'),
    pods('create', { namespace, subresource: 'exec' }),
    pods('create', { namespace, subresource: 'attach' }),
    pods('create', { namespace, subresource: 'portforward' }),
    pods('create', { namespace, subresource: 'eviction' }),
    pods('patch', { namespace, subresource: 'ephemeralcontainers' }),
    pods('create', { namespace }),
    pods('patch', { namespace }),
    deployments('patch', { namespace, subresource: 'scale' }),
    deployments('patch', { namespace, subresource: 'status' }),
    deployments('deletecollection', { namespace }),
    deployments('patch', { namespace: 'kube-system' }),
    deployments('patch', { namespace: 'countersign-system' }),
    deployments('patch'),
    tokens,
    inGroup('', 'users')('impersonate'),
    inGroup('', 'serviceaccounts')('impersonate', { namespace: 'countersign-system' }),
    ...['create', 'update', 'patch', 'delete'].map((verb) => policies(verb)),
    inGroup('admissionregistration.k8s.io', 'validatingadmissionpolicybindings')('delete'),
    inGroup('admissionregistration.k8s.io', 'mutatingwebhookconfigurations')('create'),
    inGroup('rbac.authorization.k8s.io', 'clusterroles')('escalate'),
    inGroup('rbac.authorization.k8s.io', 'clusterroles')('bind'),
    inGroup('rbac.authorization.k8s.io', 'rolebindings')('create', { namespace }),
    inGroup('apiregistration.k8s.io', 'apiservices')('create'),
    inGroup('apiextensions.k8s.io', 'customresourcedefinitions')('create'),
    inGroup('', 'nodes')('patch'),
    inGroup('', 'namespaces')('delete', { name: namespace }),
  ];
  return identity === 'reader'
    ? [...everybody, ...['create', 'patch', 'delete'].map((verb) => deployments(verb, { namespace }))]
    : everybody;
}
