/** An event, whichever of its three generations of fields it uses: firstTimestamp and count, eventTime, or a series. */
import type { KubeEvent } from './wire.ts';

export interface EventFacts {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  /** RFC 3339. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly involved: { readonly kind: string; readonly name: string; readonly uid: string | null };
}

/** The message is as the cluster has it: whoever shows it makes it safe. */
export function eventFacts(event: KubeEvent): EventFacts {
  const { metadata, series, eventTime, firstTimestamp, lastTimestamp, involvedObject } = event;
  const firstAt = firstTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '';
  return {
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    message: event.message ?? '',
    count: series?.count ?? event.count ?? 1,
    firstAt,
    lastAt: series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? firstAt,
    involved: { kind: involvedObject.kind ?? '', name: involvedObject.name ?? '', uid: involvedObject.uid ?? null },
  };
}
