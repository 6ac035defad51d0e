import { describe, expect, it } from 'vitest';
import {
  ago,
  CLUSTER,
  deployment,
  event,
  HOUR,
  missingImage,
  namespaceFacts,
  pod,
  pods,
  service,
} from '../testing/facts.ts';
import { detect } from './detect.ts';

const found = (over: Partial<Parameters<typeof detect>[1]>) =>
  detect(CLUSTER, namespaceFacts({ deployments: [deployment()], pods: pods(1, { name: 'web-7d4b9-aaaaa' }), ...over }));

describe('warning events', () => {
  it('are a finding on the owner of what they name when they are sustained', () => {
    expect(found({ events: [event()] })).toMatchObject([
      {
        category: 'WarningEvent',
        cause: 'event:FailedMount',
        severity: 'medium',
        target: { kind: 'Deployment', name: 'web' },
        facts: { count: 20 },
      },
    ]);
  });

  it.each([
    ['it is no warning', event({ type: 'Normal' })],
    ['it came a few times', event({ count: 4 })],
    ['it came in one burst', event({ firstAt: ago(60) })],
    ['it is over', event({ lastAt: ago(301) })],
    ['its pod is gone', event({ involved: { kind: 'Pod', name: 'web-7d4b9-bbbbb', uid: null } })],
    [
      'its pod was another of the same name',
      event({ involved: { kind: 'Pod', name: 'web-7d4b9-aaaaa', uid: 'uid-earlier' } }),
    ],
    ['its pod has got over it', event({ lastAt: ago(90) })],
    ['its Deployment is gone', event({ involved: { kind: 'Deployment', name: 'gone', uid: null } })],
  ])('are no anomaly when %s', (_, one) => {
    expect(found({ events: [one] })).toEqual([]);
  });

  it('are no anomaly on fresh pods, in a rollout, or on what is scaled to zero', () => {
    expect(found({ pods: [pod({ createdAt: ago(30) })], events: [event()] })).toEqual([]);
    expect(
      found({ deployments: [deployment({ rolloutComplete: false, lastRolloutAt: ago(60) })], events: [event()] }),
    ).toEqual([]);
    const onDeployment = event({ involved: { kind: 'Deployment', name: 'web', uid: null } });
    expect(
      found({ deployments: [deployment({ desired: 0, available: 0, ready: 0 })], pods: [], events: [onDeployment] }),
    ).toEqual([]);
  });

  it('are left out where another finding explains them', () => {
    const broken = missingImage();
    const events = [
      event({ reason: 'Failed', involved: { kind: 'Pod', name: 'web-7d4b9-00000', uid: null } }),
      event({ reason: 'FailedCreate', involved: { kind: 'ReplicaSet', name: 'web-7d4b9', uid: null } }),
      event({ reason: 'Other', involved: { kind: 'Service', name: 'web', uid: null } }),
    ];
    const services = [service({ readyEndpoints: 0, selector: { app: 'nothing' } })];
    const categories = detect(CLUSTER, { ...broken, services, events }).map(({ category }) => category);
    expect(categories.sort()).toEqual(['PodUnhealthy', 'ServiceNoEndpoints']);
  });

  it("of a ReplicaSet are its Deployment's, and of one without a Deployment its own", () => {
    const on = (name: string) => event({ reason: 'FailedCreate', involved: { kind: 'ReplicaSet', name, uid: 'u' } });
    expect(found({ events: [on('web-7d4b9')] })[0]?.target.kind).toBe('Deployment');
    expect(found({ events: [on('lonely-7d4b9')] })[0]?.target).toMatchObject({
      kind: 'ReplicaSet',
      name: 'lonely-7d4b9',
    });
  });

  it('of one reason are one finding, newest first in the evidence', () => {
    const involved = { kind: 'PersistentVolumeClaim', name: 'data', uid: 'u' };
    const findings = found({
      events: [
        event({ involved, count: 5, lastAt: ago(20), message: 'older' }),
        event({ involved, count: 6, firstAt: ago(HOUR), message: 'newer' }),
      ],
    });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      facts: { count: 11 },
      summary: 'PersistentVolumeClaim shop/data: warning FailedMount seen 11 times',
    });
    expect(findings[0]?.evidence[0]?.content).toContain('newer');
  });
});
