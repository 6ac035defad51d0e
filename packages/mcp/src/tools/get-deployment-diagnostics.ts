import { defineDiagnostics } from './diagnostics.ts';

export const getDeploymentDiagnostics = defineDiagnostics({
  name: 'get_deployment_diagnostics',
  kind: 'Deployment',
  description:
    'Shows one Deployment with everything that explains its health: containers and images, replicas, ReplicaSets (its history), Pods worst first, the end of a failing log, Services and events. Use it before any request_* tool, to give a reason that holds.',
});
