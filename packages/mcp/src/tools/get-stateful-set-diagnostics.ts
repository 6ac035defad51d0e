import { defineDiagnostics } from './diagnostics.ts';

export const getStatefulSetDiagnostics = defineDiagnostics({
  name: 'get_statefulset_diagnostics',
  kind: 'StatefulSet',
  description:
    'Shows one StatefulSet with its Pods worst first, the Pod that blocks the others, volume claims, the governing Service, revisions and events.',
});
