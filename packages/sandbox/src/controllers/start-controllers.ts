import type { ObjectStore } from '../store/object-store.ts';
import type { Controller } from './controller.ts';
import { createDaemonSetController } from './daemon-set-controller.ts';
import { createDeploymentController } from './deployment-controller.ts';
import { createDisruptionController } from './disruption-controller.ts';
import { createEndpointSlicesController } from './endpoint-slices-controller.ts';
import { createEventRecorder } from './event-recorder.ts';
import { createGarbageCollector } from './garbage-collector.ts';
import { createJobController } from './job-controller.ts';
import { RETRY_CAP_MS, RETRY_FIRST_MS } from './limits.ts';
import { createPodLifecycleController } from './pod-lifecycle-controller.ts';
import { createReplicaSetController } from './replica-set-controller.ts';
import { createStatefulSetController } from './stateful-set-controller.ts';
import { systemTimers, type Timers } from './timers.ts';
import { createWorkQueue } from './work-queue.ts';

export interface ControllersOptions {
  store: ObjectStore;
  clock: () => Date;
  /** The images that exist; pods of any other end in ImagePullBackOff. */
  images: readonly string[];
  timers?: Timers;
  /** Told of a reconcile that threw; it is repeated with a back-off. */
  onError?: (error: unknown, controller: string, key: string) => void;
}

export interface Controllers {
  /** No timer and no reconcile is left afterwards. */
  stop(): void;
  /** Resolves when nothing is due within two seconds: rollouts are through or stuck, and only back-offs and deadlines are left. */
  settled(): Promise<void>;
}

/** Starts every controller on the store. A store from an earlier run is taken up where it was: what runs stays, what was starting goes on. */
export function startControllers(options: ControllersOptions): Controllers {
  const { store, clock, images, timers = systemTimers, onError = warn } = options;
  const recordEvent = createEventRecorder({ store, clock });
  const controllers: readonly Controller[] = [
    createDeploymentController({ store, clock, recordEvent }),
    createReplicaSetController({ store, clock, recordEvent }),
    createStatefulSetController({ store, clock, recordEvent }),
    createDaemonSetController({ store, clock, recordEvent }),
    createJobController({ store, clock, recordEvent }),
    createDisruptionController({ store, clock }),
    createPodLifecycleController({ store, clock, images, recordEvent }),
    createEndpointSlicesController({ store }),
    createGarbageCollector({ store, clock }),
  ];
  const byName = new Map(controllers.map((controller) => [controller.name, controller]));
  const retriesMs = new Map<string, number>();

  function work(item: string): void {
    const bar = item.indexOf('|');
    const [name, key] = [item.slice(0, bar), item.slice(bar + 1)];
    try {
      const againMs = byName.get(name)?.reconcile(key);
      retriesMs.delete(item);
      if (againMs !== undefined) queue.add(item, againMs);
    } catch (error) {
      const retryMs = Math.min((retriesMs.get(item) ?? RETRY_FIRST_MS / 2) * 2, RETRY_CAP_MS);
      retriesMs.set(item, retryMs);
      queue.add(item, retryMs);
      onError(error, name, key);
    }
  }

  const queue = createWorkQueue({ work, clock, timers });
  const unsubscribe = store.subscribe((event) => {
    for (const controller of controllers) {
      for (const key of controller.keysFor(event)) queue.add(`${controller.name}|${key}`);
    }
  });
  for (const controller of controllers) {
    for (const key of controller.allKeys()) queue.add(`${controller.name}|${key}`);
  }

  return {
    stop() {
      unsubscribe();
      queue.stop();
    },
    settled: () => queue.settled(),
  };
}

/** Only names: an error's message may carry parts of a manifest, and those stay out of every log. */
function warn(error: unknown, controller: string, key: string): void {
  process.emitWarning(
    `${controller} could not reconcile ${key}: ${error instanceof Error ? error.name : 'unknown error'}`,
  );
}
