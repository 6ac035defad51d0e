import { defineDiagnostics } from './diagnostics.ts';

export const getIngressDiagnostics = defineDiagnostics({
  name: 'get_ingress_diagnostics',
  kind: 'Ingress',
  description:
    'Shows each route of one Ingress to its Service: backends that do not exist, ports that the Service lacks, Services without ready endpoints; whether a controller has taken it up.',
});
