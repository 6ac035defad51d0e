/**
 * What opens a Service to networks outside the cluster, or points its name somewhere else (ExternalName), or takes traffic for addresses
 * that are not its own (externalIPs: CVE-2020-8554).
 */
import type { Json } from '@countersign/approvals';
import { listAt, textAt, valueAt } from '../objects/json-at.ts';
import { brought, type Rule } from './rule.ts';

export const serviceExposed: Rule = {
  code: 'service-exposed',
  passes: 'the plan opens no Service to the outside',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ target, live, after }) =>
    target.kind === 'Service' && target.apiVersion === 'v1'
      ? { denials: brought(exposures(live), exposures(after)) }
      : { denials: [] },
};

const OUTWARD = new Set(['LoadBalancer', 'NodePort', 'ExternalName']);

function exposures(object: Json): readonly string[] {
  const type = textAt(object, 'spec', 'type') ?? '';
  const externalName = textAt(object, 'spec', 'externalName');
  const address = textAt(object, 'spec', 'loadBalancerIP');
  return [
    ...(OUTWARD.has(type) ? [`the Service is a ${type}`] : []),
    ...(externalName === undefined ? [] : [`the Service's name leads to ${externalName}`]),
    ...listAt(object, 'spec', 'externalIPs').map((ip) => `the Service takes the traffic of ${String(ip)}`),
    ...(address === undefined ? [] : [`the Service asks for the address ${address}`]),
    ...listAt(object, 'spec', 'loadBalancerSourceRanges').map((range) => `the Service is open to ${String(range)}`),
    ...(type === 'LoadBalancer' && valueAt(object, 'spec', 'loadBalancerSourceRanges') === undefined
      ? ['the Service is open to every address']
      : []),
  ];
}
