/** Realistic plans, made as the proposer makes them, with every part open to a test's changes. */
import {
  type ChainEvent,
  chainHash,
  type Digest,
  digestsOfEvidence,
  evidenceBytes,
  type Intent,
  intentBytes,
  intentDigest,
  outboxRecord,
  type Plan,
  type PlanChange,
  RENDERER_VERSION,
  type Requester,
  type Review,
  reviewBytes,
  reviewDigest,
  type ShownEvidence,
} from '@countersign/approvals';
import { BY_PLANNER } from './people.ts';

export interface PlanDraft {
  readonly planId: string;
  readonly by?: Requester;
  readonly operation?: Intent['steps'][number]['operation'];
  readonly target?: Partial<Intent['steps'][number]['target']>;
  /** Steps after the first. */
  readonly more?: readonly Intent['steps'][number][];
  readonly review?: Partial<Review>;
  readonly evidence?: Partial<ShownEvidence>;
}

const hash = (text: string): Digest => `sha256:${text.repeat(64).slice(0, 64)}`;

function intentOf({ operation, target, more = [] }: PlanDraft): Intent {
  return {
    format: 'countersign.intent/v1',
    cluster: { name: 'prod-eu-1', uid: '5d0e2a61-8a2f-4a0d-9a52-7c1be2a3f6a1', ca: hash('c4') },
    steps: [
      {
        target: {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          namespace: 'shop',
          name: 'web',
          uid: '0c7c6d0e-31c7-4a6e-b0a6-5e1c2f0b9d11',
          ...target,
        },
        operation: operation ?? { type: 'set-image', container: 'web', image: 'nginx:1.27-alpine' },
      },
      ...more,
    ],
  };
}

export const EVIDENCE: ShownEvidence = {
  format: 'countersign.evidence/v1',
  live: [{ step: 1, object: { kind: 'Deployment', spec: { replicas: 2 } } }],
  dryRun: [{ step: 1, object: { kind: 'Deployment', spec: { replicas: 2 } } }],
  dryRunFacts: { at: '2026-11-21T09:54:10.000Z', serverVersion: 'v1.34.1', warnings: [] },
  diff: [
    {
      step: 1,
      changes: [
        {
          label: 'containers[web].image',
          path: '/spec/template/spec/containers/0/image',
          kind: 'changed',
          from: 'nginx:1.27-doesnotexist',
          to: 'nginx:1.27-alpine',
          meaning: 'requested',
        },
        {
          label: 'metadata.generation',
          path: '/metadata/generation',
          kind: 'changed',
          from: '7',
          to: '8',
          meaning: 'consequence',
        },
        {
          label: 'metadata.annotations[countersign.dev/plan]',
          path: '/metadata/annotations/countersign.dev~1plan',
          kind: 'added',
          from: null,
          to: 'pln_7Qm2…/1/sha256:3f9a…',
          meaning: 'mark',
        },
      ],
      raw: [
        '  metadata:',
        '    annotations:',
        '+     countersign.dev/plan: pln_7Qm2kX0vR1aTz5uYw8bCdE/1/sha256:3f9a07c2d4',
        '  spec:',
        '    template:',
        '      spec:',
        '        containers:',
        '          - (web):',
        '-           image: nginx:1.27-doesnotexist',
        '+           image: nginx:1.27-alpine',
      ].join('\n'),
    },
  ],
  findings: [
    ['privileged', 'No container is privileged'],
    ['host-namespace', 'No host namespace is shared'],
    ['host-path', 'No host path is mounted'],
    ['added-capability', 'No capability is added'],
    ['image-tag', 'Every image has a tag other than latest, or a digest'],
    ['namespace-not-allowed', 'The namespace is on the allow-list'],
    ['replicas-out-of-bounds', 'The replicas are within 0 and 5'],
    ['container-unknown', 'The container exists'],
  ].map(([code = '', message = '']) => ({ severity: 'pass', code, step: 1, message })),
  blastRadius: [
    { severity: 'info', code: 'pods-rolled', message: 'Rolls all 2 pods (0 ready now)' },
    { severity: 'warn', code: 'service', message: 'Service web has no ready endpoints now; 2 expected afterwards' },
    { severity: 'ok', code: 'no-autoscaler', message: 'No HorizontalPodAutoscaler scales it' },
    { severity: 'ok', code: 'no-disruption-budget', message: 'No PodDisruptionBudget covers its pods' },
    { severity: 'ok', code: 'not-managed', message: 'Not managed by Argo CD, Flux or Helm' },
    {
      severity: 'info',
      code: 'last-change',
      message: 'Last changed by kubectl-client-side-apply at 2026-11-21T09:32:04Z',
    },
  ],
  undo: {
    steps: [
      {
        target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: null },
        operation: { type: 'set-image', container: 'web', image: 'nginx:1.27-doesnotexist' },
      },
    ],
    message: 'Image of web back to nginx:1.27-doesnotexist; it would need its own approval',
  },
  successCriteria: {
    withinSeconds: 300,
    all: [
      { type: 'rollout', step: 1, replicas: 2 },
      { type: 'endpoints', namespace: 'shop', service: 'web', readyMin: 2 },
    ],
  },
};

/** What the proposer would commit. `policyHash`: that of the policy in force. */
export function creationOf(draft: PlanDraft, policyHash: Digest, now: Date): PlanChange {
  const intent = intentOf(draft);
  const by = draft.by ?? BY_PLANNER;
  const evidence: ShownEvidence = { ...EVIDENCE, ...draft.evidence };
  const at = now.toISOString();
  const review: Review = {
    format: 'countersign.review/v1',
    planId: draft.planId,
    intentDigest: intentDigest(intent),
    evidence: digestsOfEvidence(evidence),
    freshness: [
      {
        step: 1,
        uid: '0c7c6d0e-31c7-4a6e-b0a6-5e1c2f0b9d11',
        generation: 7,
        resourceVersion: null,
        commitment: hash('f5'),
      },
    ],
    policyHash,
    guardHash: hash('9d'),
    riskTier: 'medium',
    riskReasons: ['runs another program in 2 pods'],
    requester: by,
    words: {
      title: 'Roll web back to the last healthy image',
      reason:
        'The tag does not exist in the registry; the previous revision with this container was healthy for 17 days.',
      decidedBy: by.kind === 'planner' ? 'rules' : 'client',
    },
    anomaly: null,
    releaseMode: by.kind === 'planner' ? 'immediate' : 'on-request',
    window: { notBefore: at, notAfter: new Date(now.getTime() + 3_600_000).toISOString() },
    redactions: [],
    ignoredPaths: {
      version: 1,
      paths: [
        'metadata.resourceVersion',
        'metadata.managedFields[].time',
        'metadata.managedFields[subresource=status]',
        'status',
      ],
    },
    renderer: RENDERER_VERSION,
    ...draft.review,
  };
  const digest = reviewDigest(review);
  const event: ChainEvent = {
    format: 'countersign.chain/v1',
    planId: draft.planId,
    seq: 1,
    at,
    type: 'plan.created',
    actor: by.id,
    status: 'pending',
    previous: null,
    data: { intentDigest: review.intentDigest, reviewDigest: digest, policyHash },
  };
  const after: Plan = {
    format: 'countersign.plan/v1',
    planId: draft.planId,
    status: 'pending',
    version: 1,
    createdAt: at,
    updatedAt: at,
    intent: intentBytes(intent),
    intentDigest: review.intentDigest,
    review: reviewBytes(review),
    reviewDigest: digest,
    notAfter: review.window.notAfter,
    requesterId: by.id,
    ownerId: by.owner,
    anomaly: review.anomaly,
    chain: { seq: 1, hash: chainHash(event) },
    grantedVersion: null,
    fence: 0,
    lease: null,
    revocation: null,
    reason: null,
  };
  return {
    before: null,
    after,
    event,
    evidence: evidenceBytes(evidence),
    outbox: [outboxRecord({ kind: 'notify', notice: 'decision-needed' }, after, now)],
    settles: [],
    ...(review.anomaly === null ? {} : { anomaly: { key: review.anomaly, planId: draft.planId } }),
  };
}
