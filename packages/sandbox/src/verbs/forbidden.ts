import type { ResourceAccess } from '../identities/authorise.ts';
import type { Identity } from '../identities/identity.ts';
import { StatusError } from '../store/status-error.ts';

/** The refusal of somebody whose roles do not allow it. */
export function forbidden(identity: Identity, access: ResourceAccess): StatusError {
  const { verb, group, resource, subresource, name, namespace } = access;
  const what = subresource === '' ? resource : `${resource}/${subresource}`;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return new StatusError(
    'Forbidden',
    `${qualified}${name === undefined ? '' : ` "${name}"`} is forbidden: User "${identity.userName}" cannot ${verb} resource "${what}" in API group "${group}" ${scope}`,
    { ...(name === undefined ? {} : { name }), ...(group === '' ? {} : { group }), kind: resource },
  );
}
