import { describe, expect, it } from 'vitest';
import { ago, CLUSTER, crashLoop, deployment, missingImage, namespaceFacts, pods, service } from '../testing/facts.ts';
import { detect } from './detect.ts';

const none = { readyEndpoints: 0, totalEndpoints: 0 };
const found = (facts: Parameters<typeof detect>[1]) => detect(CLUSTER, facts);

describe('a Service without endpoints', () => {
  it('is found when its selector matches nothing, with what it selects', () => {
    const findings = found(
      namespaceFacts({ services: [service({ ...none, selector: { tier: 'cart', app: 'cart' } })] }),
    );
    expect(findings).toMatchObject([
      {
        category: 'ServiceNoEndpoints',
        severity: 'high',
        explainedBy: null,
        target: { apiVersion: 'v1', kind: 'Service', name: 'web' },
        facts: { why: 'selector-matches-nothing', selector: 'app=cart,tier=cart', podsMatching: 0 },
      },
    ]);
  });

  it.each([
    ['endpoints are ready', service()],
    ['no selector is set', service({ ...none, selector: null })],
    ['the selector is empty', service({ ...none, selector: {} })],
    ['it is an ExternalName', service({ ...none, type: 'ExternalName' })],
  ])('is no anomaly when %s', (_, one) => {
    expect(found(namespaceFacts({ services: [one] }))).toEqual([]);
  });

  it('is no anomaly when all that stands behind it is scaled to zero or rolls out', () => {
    const zero = deployment({ desired: 0, available: 0, ready: 0 });
    const rolling = deployment({ available: 0, ready: 0, rolloutComplete: false, lastRolloutAt: ago(30) });
    expect(found(namespaceFacts({ services: [service(none)], deployments: [zero] }))).toEqual([]);
    expect(
      found(
        namespaceFacts({
          services: [service(none)],
          deployments: [rolling],
          pods: pods(2, { ready: false, createdAt: ago(20) }),
        }),
      ),
    ).toEqual([]);
  });

  it('is given a moment when it is new and something stands behind it, none when nothing does', () => {
    const fresh = service({ ...none, createdAt: ago(10) });
    expect(found(namespaceFacts({ services: [fresh], deployments: [deployment()], pods: pods(2) }))).toEqual([]);
    expect(found(namespaceFacts({ services: [fresh] }))).toHaveLength(1);
  });

  it('knows what a template is labelled with where the selector says less', () => {
    const selecting = service({ ...none, selector: { app: 'web', tier: 'front' } });
    const zero = { desired: 0, available: 0, ready: 0 };
    expect(found(namespaceFacts({ services: [selecting], deployments: [deployment(zero)] }))).toHaveLength(1);
    expect(
      found(
        namespaceFacts({
          services: [selecting],
          deployments: [deployment({ ...zero, templateLabels: { app: 'web', tier: 'front' } })],
        }),
      ),
    ).toEqual([]);
  });

  it('is linked to the anomaly of its Deployment and ranked below it', () => {
    const findings = found({ ...crashLoop(), services: [service(none)] });
    expect(findings.map(({ category }) => category)).toEqual(['PodUnhealthy', 'ServiceNoEndpoints']);
    expect(findings[1]).toMatchObject({
      explainedBy: findings[0]?.key,
      severity: 'low',
      severityRule: 'explained-by-another-anomaly',
    });
  });

  it('has the same key whether no pod matches or none is ready', () => {
    const unready = { ready: false, owner: null } as const;
    const matching = found(
      namespaceFacts({
        services: [service(none)],
        pods: pods(1, { ...unready, containers: [], notReadySince: ago(400) }),
      }),
    );
    const nothing = found(namespaceFacts({ services: [service(none)] }));
    expect(matching.find(({ category }) => category === 'ServiceNoEndpoints')?.key).toBe(nothing[0]?.key);
  });

  it('waits for pods that are starting, not for pods that cannot start', () => {
    const bare = { owner: null, ready: false, createdAt: ago(20) } as const;
    expect(found(namespaceFacts({ services: [service(none)], pods: pods(1, bare) }))).toEqual([]);
    expect(found({ ...missingImage(), services: [service(none)] })).toHaveLength(2);
  });
});
