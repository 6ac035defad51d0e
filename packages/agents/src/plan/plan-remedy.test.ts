import { describe, expect, it } from 'vitest';
import { NO_FOLLOW_UP, recordPlan, withFollowUp } from '../observe/follow-up.ts';
import type { NamespaceFacts } from '../ports.ts';
import { anomalyIn } from '../testing/anomaly.ts';
import {
  ago,
  container,
  crashLoop,
  deployment,
  event,
  HOUR,
  missingImage,
  NEW_IMAGE,
  NOW,
  namespaceFacts,
  OLD_IMAGE,
  pod,
  pods,
  revision,
  service,
} from '../testing/facts.ts';
import { POLICY } from '../testing/policy.ts';
import { planRemedy } from './plan-remedy.ts';

const now = new Date(NOW);
const plan = (facts: NamespaceFacts, category?: Parameters<typeof anomalyIn>[1]) =>
  planRemedy(anomalyIn(facts, category), facts, POLICY, now);
const change = (facts: NamespaceFacts) => {
  const decided = plan(facts);
  return decided.kind === 'remedy' ? decided.change : undefined;
};
const note = (facts: NamespaceFacts, category?: Parameters<typeof anomalyIn>[1]) => {
  const decided = plan(facts, category);
  return decided.kind === 'none' ? decided.note : undefined;
};
const newRevision = (over: Parameters<typeof revision>[0] = {}) =>
  revision({ revision: 2, images: { web: NEW_IMAGE }, current: true, wasHealthy: false, ...over });

describe('a missing image', () => {
  it('goes back to the image of the last revision that was healthy, with reason and numbers', () => {
    expect(plan(missingImage())).toMatchObject({
      kind: 'remedy',
      target: { kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'uid-web' },
      change: {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'web',
        operation: { type: 'set-image', container: 'web', image: OLD_IMAGE },
      },
      words: {
        title: `Set web back to ${OLD_IMAGE}`,
        reason: `The image of container web cannot be pulled. It runs ${NEW_IMAGE}; pods down: 2 of 2. Revision 1 was healthy with ${OLD_IMAGE}. Replicas available: 0 of 2.`,
        decidedBy: 'rules',
      },
    });
  });

  it('goes to the newest healthy revision, past those that were not', () => {
    const revisions = [
      revision({ revision: 1, images: { web: 'web:1' } }),
      revision({ revision: 2, images: { web: 'web:2' } }),
      revision({ revision: 3, images: { web: 'web:3' }, wasHealthy: false }),
      newRevision({ revision: 4 }),
    ];
    expect(change(missingImage({ revisions }))?.operation).toEqual({
      type: 'set-image',
      container: 'web',
      image: 'web:2',
    });
    expect(change(missingImage({ revisions: revisions.toReversed() }))?.operation).toEqual({
      type: 'set-image',
      container: 'web',
      image: 'web:2',
    });
  });

  it.each([
    ['no earlier revision was healthy', [newRevision(), revision({ wasHealthy: false })], /no image to go back to/],
    ['there is no earlier revision', [newRevision()], /no image to go back to/],
    [
      'the healthy revision has the same image',
      [newRevision(), revision({ images: { web: NEW_IMAGE } })],
      /has no other image/,
    ],
    [
      'the healthy revision has no such container',
      [newRevision(), revision({ images: { other: 'x:1' } })],
      /has no other image/,
    ],
    [
      'the healthy revision names its container like a prototype',
      [newRevision(), revision({ images: JSON.parse('{"__proto__":"x:1"}') as Record<string, string> })],
      /has no other image/,
    ],
    [
      'the image of the history is no image',
      [newRevision(), revision({ images: { web: 'web:1 --force' } })],
      /has no other image/,
    ],
    ['this revision ran healthy before', [newRevision({ wasHealthy: true }), revision()], /Look at the registry/],
  ])('is left to people when %s', (_, revisions, why) => {
    expect(note(missingImage({ revisions }))).toMatch(why);
  });

  it('of two containers is left to people: one plan changes one image', () => {
    const facts = missingImage({ images: { web: NEW_IMAGE, sidecar: 'sidecar:2' } });
    const broken = { ready: false, waitingReason: 'ImagePullBackOff' };
    const both = [
      container({ image: NEW_IMAGE, ...broken }),
      container({ name: 'sidecar', image: 'sidecar:2', ...broken }),
    ];
    expect(note({ ...facts, pods: pods(1, { ready: false, containers: both }) })).toMatch(/2 containers/);
  });

  it('that the Deployment itself does not name is not its to change: an injected container, or a pod that lies about its image', () => {
    const facts = missingImage();
    const other = (over: Parameters<typeof container>[0]) => ({
      ...facts,
      pods: pods(1, { ready: false, containers: [container({ waitingReason: 'ImagePullBackOff', ...over })] }),
    });
    expect(note(other({ name: 'injected', image: 'proxy:9' }))).toMatch(/not in the Deployment itself/);
    expect(note(other({ name: 'web', image: 'elsewhere:1' }))).toMatch(/not in the Deployment itself/);
    expect(note(other({ name: 'constructor', image: 'elsewhere:1' }))).toMatch(/not in the Deployment itself/);
  });
});

describe('a crash loop', () => {
  it('without a recent change is restarted, with reason and numbers', () => {
    expect(plan(crashLoop())).toMatchObject({
      kind: 'remedy',
      change: { kind: 'Deployment', namespace: 'shop', name: 'web', operation: { type: 'restart' } },
      words: {
        title: 'Restart web',
        reason: expect.stringContaining(
          'Pods that crash: 2 of 2; most restarts of one container: 7. The template was never changed.',
        ),
      },
    });
  });

  it('after a recent change is not restarted but looked at', () => {
    const revisions = [newRevision({ images: { web: OLD_IMAGE } }), revision()];
    expect(note(crashLoop({ revisions, lastRolloutAt: ago(599) }))).toMatch(/since a change of 9 minutes ago/);
    expect(note(crashLoop({ revisions, lastRolloutAt: null, createdAt: ago(60) }))).toMatch(
      /since a change of 1 minute ago/,
    );
    expect(note(crashLoop({ revisions, lastRolloutAt: 'not a time' }))).toMatch(/a restart is no remedy/);
    expect(change(crashLoop({ revisions, lastRolloutAt: ago(600) }))?.operation.type).toBe('restart');
  });

  it('from the first revision on follows no change, so that it may be restarted at once', () => {
    const first = crashLoop({
      createdAt: ago(60),
      lastRolloutAt: ago(60),
      revisions: [revision({ current: true, wasHealthy: false })],
    });
    expect(plan(first)).toMatchObject({
      kind: 'remedy',
      words: { reason: expect.stringContaining('The template was never changed.') },
    });
  });

  it('is not restarted twice within the hour by us', () => {
    const facts = crashLoop();
    const restarted = (seconds: number) => {
      const anomaly = anomalyIn(facts);
      const followUp = recordPlan(NO_FOLLOW_UP, 'pln_0000000000000000000001', 'restart', ago(seconds));
      return planRemedy({ ...anomaly, facts: withFollowUp(anomaly.facts, followUp) }, facts, POLICY, now);
    };
    expect(restarted(HOUR - 1)).toMatchObject({
      kind: 'none',
      note: expect.stringContaining('pln_0000000000000000000001'),
    });
    expect(restarted(HOUR)).toMatchObject({ kind: 'remedy' });
  });

  it('that began with a new image goes back to the healthy one, however recent', () => {
    const revisions = [newRevision(), revision()];
    const facts = crashLoop({ images: { web: NEW_IMAGE }, revisions, lastRolloutAt: ago(120) });
    const crashing = facts.pods.map((one) => ({
      ...one,
      containers: one.containers.map((c) => ({ ...c, image: NEW_IMAGE })),
    }));
    expect(change({ ...facts, pods: crashing })?.operation).toEqual({
      type: 'set-image',
      container: 'web',
      image: OLD_IMAGE,
    });
  });

  it('for want of memory is not restarted', () => {
    const facts = crashLoop();
    const killed = facts.pods.map((one) => ({
      ...one,
      containers: one.containers.map((c) => ({
        ...c,
        lastExit: { reason: 'OOMKilled', exitCode: 137, finishedAt: ago(30) },
      })),
    }));
    expect(note({ ...facts, pods: killed })).toMatch(/memory limit/);
  });

  it('of a paused Deployment is left to people', () => {
    expect(note(crashLoop({ paused: true }))).toMatch(/paused/);
  });
});

describe('replicas', () => {
  const crowded = (over: Parameters<typeof deployment>[0] = {}, pending = 3): NamespaceFacts =>
    namespaceFacts({
      deployments: [deployment({ desired: 8, available: 5, ready: 5, rolloutComplete: false, ...over })],
      pods: [
        ...pods(5),
        ...pods(pending).map((one) => ({
          ...one,
          name: `${one.name}-new`,
          phase: 'Pending',
          ready: false,
          createdAt: ago(900),
          containers: [],
        })),
      ],
    });

  it('beyond the policy that cannot start go back to what policy allows, with reason and numbers', () => {
    expect(plan(crowded())).toMatchObject({
      kind: 'remedy',
      change: { operation: { type: 'scale', replicas: 5 } },
      words: {
        title: 'Scale web from 8 to 5',
        reason: expect.stringContaining(
          '3 pods have been pending for 10 minutes or more. 5 of 8 replicas are available',
        ),
      },
    });
  });

  it.each([
    ['policy allows them', crowded({ desired: 5, available: 2 })],
    ['not all that would remain are available', crowded({ available: 4 }, 4)],
    ['some are missing and not pending', crowded({}, 2)],
  ])('are left alone when %s', (_, facts) => {
    expect(plan(facts)).toMatchObject({ kind: 'none' });
  });

  it('are never raised: what is scaled to zero is no anomaly', () => {
    expect(() =>
      anomalyIn(
        namespaceFacts({ deployments: [deployment({ desired: 0, available: 0, ready: 0 })] }),
        'DeploymentUnavailable',
      ),
    ).toThrow('no DeploymentUnavailable');
  });
});

describe('no fix known', () => {
  it('for a Service whose selector matches nothing: the note says where to look', () => {
    const facts = namespaceFacts({ services: [service({ readyEndpoints: 0, selector: { app: 'wep' } })] });
    expect(note(facts, 'ServiceNoEndpoints')).toBe(
      'No pod carries the labels that the Service selects (app=wep). Compare its selector with the labels of the pods that should answer.',
    );
  });

  it('for a Service whose Deployment is down: what heals that heals this', () => {
    expect(note({ ...crashLoop(), services: [service({ readyEndpoints: 0 })] }, 'ServiceNoEndpoints')).toMatch(
      /^Follows from ano_/,
    );
  });

  it.each([
    [
      'a StatefulSet',
      namespaceFacts({
        pods: pods(1, { owner: { kind: 'StatefulSet', name: 'db', uid: 'u' }, ready: false, createdAt: ago(400) }),
      }),
      'PodUnhealthy',
      /Deployments only/,
    ],
    ['a bare pod', namespaceFacts({ pods: [pod({ owner: null, phase: 'Failed' })] }), 'PodUnhealthy', /this is a Pod/],
    [
      'a warning on a Deployment',
      namespaceFacts({
        deployments: [deployment()],
        pods: pods(2),
        events: [event({ involved: { kind: 'Deployment', name: 'web', uid: null } })],
      }),
      'WarningEvent',
      /events quoted/,
    ],
    [
      'pods that do not become ready',
      namespaceFacts({ deployments: [deployment({ available: 0 })], pods: pods(2, { ready: false }) }),
      'PodUnhealthy',
      /readiness probe/,
    ],
    [
      'missing replicas',
      namespaceFacts({ deployments: [deployment({ available: 0 })] }),
      'DeploymentUnavailable',
      /quota/,
    ],
  ] as const)('for %s', (_, facts, category, expected) => {
    expect(note(facts, category)).toMatch(expected);
  });
});

describe('the target', () => {
  it('owns the anomaly: a stored target that was rewritten gets no plan', () => {
    const facts = missingImage();
    const anomaly = anomalyIn(facts);
    const elsewhere = { ...anomaly, target: { ...anomaly.target, name: 'payments' } };
    expect(planRemedy(elsewhere, facts, POLICY, now)).toMatchObject({
      kind: 'none',
      note: expect.stringContaining('not what is broken'),
    });
  });

  it('is in the namespace that was observed and that policy allows', () => {
    const facts = missingImage();
    expect(planRemedy(anomalyIn(facts), { ...facts, namespace: 'other' }, POLICY, now)).toMatchObject({
      kind: 'none',
      note: null,
    });
    expect(planRemedy(anomalyIn(facts), facts, { ...POLICY, namespaces: ['other'] }, now)).toMatchObject({
      note: 'Policy allows no changes in this namespace.',
    });
  });

  it('is what is there now: a Deployment made again is planned for by its own uid', () => {
    const again = missingImage({ uid: 'uid-again' });
    const facts = {
      ...again,
      pods: again.pods.map((one) => ({ ...one, owner: { kind: 'Deployment', name: 'web', uid: 'uid-again' } })),
    };
    expect(planRemedy(anomalyIn(missingImage()), facts, POLICY, now)).toMatchObject({
      kind: 'remedy',
      target: { uid: 'uid-again' },
    });
  });

  it('is not there any more: nothing is planned and nothing said', () => {
    expect(planRemedy(anomalyIn(missingImage()), namespaceFacts(), POLICY, now)).toMatchObject({
      kind: 'none',
      note: null,
    });
  });
});
