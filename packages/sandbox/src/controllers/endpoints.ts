import type { KubeObject, NewObject } from '../store/object-store.ts';
import { hasAddress, portsOf } from './endpoint-slice.ts';
import { podSpec, record } from './kinds.ts';
import { isReady } from './pod-state.ts';

/** The core/v1 Endpoints of a Service, which `kubectl describe service` still reads. */
export function endpointsOf(
  service: KubeObject,
  selected: readonly KubeObject[],
): NewObject & { metadata: { name: string } } {
  const { name, namespace, labels } = service.metadata;
  const pods = selected.filter(hasAddress);
  const serves = (pod: KubeObject) => isReady(pod) && pod.metadata.deletionTimestamp === undefined;
  const ready = pods.filter(serves).map(addressOf);
  const notReady = pods.filter((pod) => !serves(pod)).map(addressOf);
  const subset = {
    ...(ready.length === 0 ? {} : { addresses: ready }),
    ...(notReady.length === 0 ? {} : { notReadyAddresses: notReady }),
    ports: pods[0] === undefined ? [] : portsOf(service, pods[0]),
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      // The store cascades by this; a real cluster's endpoints controller removes the object itself.
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid: service.metadata.uid, controller: true }],
    },
    ...(pods.length === 0 ? {} : { subsets: [subset] }),
  };
}

function addressOf(pod: KubeObject) {
  const { name, namespace, uid } = pod.metadata;
  return {
    ip: record(pod.status).podIP,
    nodeName: podSpec(pod)?.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}
