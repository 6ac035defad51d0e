/** How many pods stand behind a Service, from its EndpointSlices. */
import type { EndpointSlice } from './wire.ts';

export interface EndpointCount {
  readonly ready: number;
  readonly total: number;
}

const SERVICE_NAME = 'kubernetes.io/service-name';

/** A pod that has an address in each family counts once: slices of IPv4 and IPv6 repeat it. */
export function countEndpoints(service: string, slices: readonly EndpointSlice[]): EndpointCount {
  const seen = new Map<string, boolean>();
  for (const slice of slices) {
    if (slice.metadata?.labels?.[SERVICE_NAME] !== service) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const key = endpoint.targetRef?.uid ?? endpoint.targetRef?.name ?? endpoint.addresses[0] ?? '';
      // Absent means unknown, and "should be taken as ready" (discovery/v1, EndpointConditions).
      const ready = endpoint.conditions?.ready ?? true;
      seen.set(key, (seen.get(key) ?? false) || ready);
    }
  }
  return { ready: [...seen.values()].filter(Boolean).length, total: seen.size };
}
