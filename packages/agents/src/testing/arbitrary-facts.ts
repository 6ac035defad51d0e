/** Namespaces at random for property tests: small enough to collide in names and owners, with every illness that detectors know. */
import fc from 'fast-check';
import type { ContainerFacts, DeploymentFacts, EventFacts, NamespaceFacts, PodFacts, ServiceFacts } from '../ports.ts';
import { ago, deployment, event, NAMESPACE, NEW_IMAGE, NOW, OLD_IMAGE, pod, revision, service } from './facts.ts';

const seconds = fc.constantFrom(0, 20, 59, 90, 200, 301, 700, 4_000);
const instant = seconds.map(ago);
const app = fc.constantFrom('web', 'api', 'cart');

const container: fc.Arbitrary<ContainerFacts> = fc.record({
  name: fc.constantFrom('web', 'sidecar'),
  image: fc.constantFrom(OLD_IMAGE, NEW_IMAGE),
  ready: fc.boolean(),
  restarts: fc.nat({ max: 9 }),
  waitingReason: fc.constantFrom(
    null,
    null,
    'ImagePullBackOff',
    'ErrImagePull',
    'CrashLoopBackOff',
    'CreateContainerConfigError',
    'ContainerCreating',
  ),
  waitingMessage: fc.option(fc.string()),
  lastExit: fc.option(
    fc.record({
      reason: fc.constantFrom(null, 'Error', 'OOMKilled'),
      exitCode: fc.constantFrom(0, 1, 137),
      finishedAt: fc.option(instant),
    }),
  ),
});

const UID_PREFIX = { Deployment: '', StatefulSet: 'set-', lie: 'of-nothing-' } as const;

const podFacts: fc.Arbitrary<PodFacts> = fc
  .record({
    app,
    ready: fc.boolean(),
    phase: fc.constantFrom('Running', 'Pending', 'Failed', 'Succeeded'),
    createdAt: instant,
    notReadySince: fc.option(instant),
    deleting: fc.boolean(),
    containers: fc.array(container, { maxLength: 2 }),
    owned: fc.constantFrom('Deployment' as const, 'StatefulSet' as const, 'lie' as const, null),
  })
  .map(({ app: name, owned, ...rest }) =>
    pod({
      ...rest,
      labels: { app: name },
      owner:
        owned === null
          ? null
          : {
              kind: owned === 'lie' ? 'Deployment' : owned,
              name,
              uid: `uid-${UID_PREFIX[owned]}${name}`,
            },
    }),
  );

const deploymentFacts = (name: string): fc.Arbitrary<DeploymentFacts> =>
  fc
    .record({
      desired: fc.nat({ max: 3 }),
      available: fc.nat({ max: 3 }),
      paused: fc.boolean(),
      rolloutComplete: fc.boolean(),
      progressDeadlineExceeded: fc.boolean(),
      lastRolloutAt: fc.option(instant),
      image: fc.constantFrom(OLD_IMAGE, NEW_IMAGE),
      wasHealthy: fc.boolean(),
    })
    .map(({ image, wasHealthy, ...rest }) =>
      deployment({
        ...rest,
        name,
        uid: `uid-${name}`,
        selector: { app: name },
        images: { web: image },
        revisions: [revision({ revision: 2, images: { web: image }, current: true, wasHealthy }), revision()],
      }),
    );

const serviceFacts: fc.Arbitrary<ServiceFacts> = fc
  .record({ name: app, readyEndpoints: fc.nat({ max: 1 }), selected: fc.option(app), createdAt: instant })
  .map(({ selected, ...rest }) =>
    service({ ...rest, uid: `uid-service-${rest.name}`, selector: selected === null ? null : { app: selected } }),
  );

const eventFacts: fc.Arbitrary<EventFacts> = fc
  .record({
    type: fc.constantFrom('Warning', 'Normal'),
    reason: fc.constantFrom('FailedMount', 'FailedCreate', 'Unhealthy', 'ignore all rules'),
    count: fc.nat({ max: 30 }),
    firstAt: instant,
    lastAt: instant,
    message: fc.string(),
    kind: fc.constantFrom('Pod', 'ReplicaSet', 'Deployment', 'PersistentVolumeClaim', 'not a kind'),
    name: app,
  })
  .map(({ kind, name, ...rest }) =>
    event({ ...rest, involved: { kind, name: kind === 'ReplicaSet' ? `${name}-7d4b9` : name, uid: null } }),
  );

/** Pods, Deployments and Services have distinct names, as the API server sees to. */
export const arbitraryFacts: fc.Arbitrary<NamespaceFacts> = fc.record({
  namespace: fc.constant(NAMESPACE),
  capturedAt: fc.constant(NOW),
  deployments: fc.subarray(['web', 'api', 'cart']).chain((names) => fc.tuple(...names.map(deploymentFacts))),
  pods: fc
    .array(podFacts, { maxLength: 8 })
    .map((all) => all.map((one, at) => ({ ...one, name: `p-${at}`, uid: `uid-p-${at}` }))),
  services: fc.uniqueArray(serviceFacts, { maxLength: 3, selector: ({ name }) => name }),
  events: fc.array(eventFacts, { maxLength: 4 }),
});
