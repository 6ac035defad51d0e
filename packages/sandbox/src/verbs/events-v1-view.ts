import { recordAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';

/** A core/v1 Event in the shape of events.k8s.io/v1: the same object under the newer names. */
export function eventsV1View(event: KubeObject): KubeObject {
  const {
    apiVersion: _core,
    kind,
    metadata,
    involvedObject,
    message,
    source,
    firstTimestamp,
    lastTimestamp,
    count,
    reportingComponent,
    reportingInstance,
    eventTime = null,
    ...rest
  } = event;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind,
    metadata,
    eventTime,
    reportingController: reportingComponent ?? recordAt({ source }, 'source')?.component ?? '',
    reportingInstance: reportingInstance ?? '',
    ...rest,
    ...(involvedObject === undefined ? {} : { regarding: involvedObject }),
    ...(message === undefined ? {} : { note: message }),
    ...(source === undefined ? {} : { deprecatedSource: source }),
    ...(firstTimestamp === undefined ? {} : { deprecatedFirstTimestamp: firstTimestamp }),
    ...(lastTimestamp === undefined ? {} : { deprecatedLastTimestamp: lastTimestamp }),
    ...(count === undefined ? {} : { deprecatedCount: count }),
  };
}
