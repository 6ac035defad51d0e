import { defineDiagnostics } from './diagnostics.ts';

export const getDaemonSetDiagnostics = defineDiagnostics({
  name: 'get_daemonset_diagnostics',
  kind: 'DaemonSet',
  description:
    'Shows one DaemonSet: on how many nodes it should run and does, its Pods worst first, the state of the rollout, events.',
});
