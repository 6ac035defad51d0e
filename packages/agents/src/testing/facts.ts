/** Facts for tests: a healthy namespace at a fixed time, of which each test says only what is different. */
import type {
  ContainerFacts,
  DeploymentFacts,
  EventFacts,
  NamespaceFacts,
  PodFacts,
  RevisionFacts,
  ServiceFacts,
} from '../ports.ts';

export const NOW = '2026-03-04T05:06:07.000Z';
export const NAMESPACE = 'shop';
export const CLUSTER = 'main';

/** An instant so many seconds before NOW (or after it, below zero). */
export const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

export const HOUR = 3600;
export const OLD_IMAGE = 'registry.example/shop/web:1.4.2';
export const NEW_IMAGE = 'registry.example/shop/web:1.5.0';

export const namespaceFacts = (over: Partial<NamespaceFacts> = {}): NamespaceFacts => ({
  namespace: NAMESPACE,
  capturedAt: NOW,
  deployments: [],
  pods: [],
  services: [],
  events: [],
  ...over,
});

export const container = (over: Partial<ContainerFacts> = {}): ContainerFacts => ({
  name: 'web',
  image: OLD_IMAGE,
  ready: true,
  restarts: 0,
  waitingReason: null,
  waitingMessage: null,
  lastExit: null,
  ...over,
});

export const pod = (over: Partial<PodFacts> = {}): PodFacts => ({
  name: 'web-7d4b9-aaaaa',
  uid: `uid-${over.name ?? 'web-7d4b9-aaaaa'}`,
  phase: 'Running',
  ready: true,
  createdAt: ago(HOUR),
  deleting: false,
  containers: [container()],
  owner: { kind: 'Deployment', name: 'web', uid: 'uid-web' },
  labels: { app: 'web' },
  ...over,
});

export const revision = (over: Partial<RevisionFacts> = {}): RevisionFacts => ({
  revision: 1,
  createdAt: ago(48 * HOUR),
  images: { web: OLD_IMAGE },
  current: false,
  ready: 0,
  wasHealthy: true,
  ...over,
});

export const deployment = (over: Partial<DeploymentFacts> = {}): DeploymentFacts => ({
  apiVersion: 'apps/v1',
  name: 'web',
  uid: 'uid-web',
  createdAt: ago(48 * HOUR),
  desired: 2,
  ready: 2,
  available: 2,
  updated: 2,
  paused: false,
  rolloutComplete: true,
  progressDeadlineExceeded: false,
  images: { web: OLD_IMAGE },
  lastRolloutAt: ago(24 * HOUR),
  revisions: [revision({ current: true, ready: 2 })],
  selector: { app: 'web' },
  ...over,
});

export const service = (over: Partial<ServiceFacts> = {}): ServiceFacts => ({
  name: 'web',
  uid: 'uid-service-web',
  createdAt: ago(48 * HOUR),
  type: 'ClusterIP',
  selector: { app: 'web' },
  readyEndpoints: 2,
  totalEndpoints: 2,
  ...over,
});

export const event = (over: Partial<EventFacts> = {}): EventFacts => ({
  type: 'Warning',
  reason: 'FailedMount',
  message: 'MountVolume.SetUp failed',
  count: 20,
  firstAt: ago(HOUR),
  lastAt: ago(10),
  involved: { kind: 'Pod', name: 'web-7d4b9-aaaaa', uid: null },
  ...over,
});

/** Pods of one Deployment, alike but for their names. */
export const pods = (count: number, over: Partial<PodFacts> = {}): readonly PodFacts[] =>
  Array.from({ length: count }, (_, at) =>
    pod({ name: `${over.owner?.name ?? 'web'}-7d4b9-${String(at).padStart(5, '0')}`, ...over }),
  );

/** The demo's illness: revision 2 names an image that is not there, revision 1 was well. */
export const missingImage = (over: Partial<DeploymentFacts> = {}): NamespaceFacts =>
  namespaceFacts({
    deployments: [
      deployment({
        ready: 0,
        available: 0,
        rolloutComplete: false,
        images: { web: NEW_IMAGE },
        lastRolloutAt: ago(120),
        revisions: [
          revision({ revision: 2, createdAt: ago(120), images: { web: NEW_IMAGE }, current: true, wasHealthy: false }),
          revision(),
        ],
        ...over,
      }),
    ],
    pods: pods(2, {
      phase: 'Pending',
      ready: false,
      createdAt: ago(120),
      containers: [
        container({
          image: NEW_IMAGE,
          ready: false,
          waitingReason: 'ImagePullBackOff',
          waitingMessage: `Back-off pulling image "${NEW_IMAGE}"`,
        }),
      ],
    }),
  });

/** Both pods crash since long after the last change. */
export const crashLoop = (over: Partial<DeploymentFacts> = {}): NamespaceFacts =>
  namespaceFacts({
    deployments: [deployment({ ready: 0, available: 0, rolloutComplete: false, ...over })],
    pods: pods(2, {
      ready: false,
      containers: [
        container({
          ready: false,
          restarts: 7,
          waitingReason: 'CrashLoopBackOff',
          lastExit: { reason: 'Error', exitCode: 1, finishedAt: ago(30) },
        }),
      ],
    }),
  });
