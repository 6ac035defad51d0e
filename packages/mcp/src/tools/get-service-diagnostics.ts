import { defineDiagnostics } from './diagnostics.ts';

export const getServiceDiagnostics = defineDiagnostics({
  name: 'get_service_diagnostics',
  kind: 'Service',
  description:
    'Shows whether traffic gets from one Service to a Pod, and where it is lost: labels that no Pod has, Pods that are not ready, ports that no container declares, endpoints.',
});
