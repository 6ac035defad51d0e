import { defineDiagnostics } from './diagnostics.ts';

export const getPodDiagnostics = defineDiagnostics({
  name: 'get_pod_diagnostics',
  kind: 'Pod',
  description:
    "Shows one Pod and why it does not run: which container fails and how it last ended, restarts, what keeps it from a node, the end of the failing container's log, events.",
});
