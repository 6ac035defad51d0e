import type { KubeObject, ObjectStore, ResourceKey, StoreEvent } from '../store/object-store.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import { endpointSliceOf, selectorOf, selects } from './endpoint-slice.ts';
import { endpointsOf } from './endpoints.ts';

/** Keeps one EndpointSlice, and the older Endpoints object, for each Service with a selector. */
export function createEndpointSlicesController(options: { store: ObjectStore }): Controller {
  const { store } = options;

  function put(resource: ResourceKey, object: ReturnType<typeof endpointSliceOf>): void {
    const present = store.get(resource, object.metadata.namespace, object.metadata.name);
    if (present === undefined) store.create(resource, object);
    else store.update(resource, { ...present, ...object, metadata: { ...present.metadata, ...object.metadata } });
  }

  return {
    name: 'endpointslice-controller',
    keysFor(event: StoreEvent) {
      if (event.resource === 'services') return [keyOf(event.object)];
      if (event.resource !== 'pods') return [];
      const seen = [event.object, ...(event.previous === undefined ? [] : [event.previous])];
      const concerned = (service: KubeObject) => seen.some((pod) => selects(service, pod));
      return store.list('services', event.object.metadata.namespace).filter(concerned).map(keyOf);
    },
    allKeys: () => store.list('services').map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const service = store.get('services', namespace, name);
      if (service === undefined || selectorOf(service) === undefined) return undefined;
      const selected = store.list('pods', namespace).filter((pod) => selects(service, pod));
      put('endpointslices.discovery.k8s.io', endpointSliceOf(service, selected));
      put('endpoints', endpointsOf(service, selected));
      return undefined;
    },
  };
}
