import { defineDiagnostics } from './diagnostics.ts';

export const getHpaDiagnostics = defineDiagnostics({
  name: 'get_hpa_diagnostics',
  kind: 'HorizontalPodAutoscaler',
  description:
    'Shows one HorizontalPodAutoscaler: whether it can measure and scale, metrics without a value, whether it is at its maximum, what it scales, events.',
});
