import { target as targetSchema } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANOMALY_KEY_PATTERN } from '../anomaly-key.ts';
import type { NamespaceFacts, PodFacts } from '../ports.ts';
import { arbitraryFacts } from '../testing/arbitrary-facts.ts';
import { CLUSTER, NAMESPACE } from '../testing/facts.ts';
import { detect } from './detect.ts';

const shuffled = <T>(things: readonly T[]): fc.Arbitrary<readonly T[]> =>
  fc.shuffledSubarray([...things], { minLength: things.length });

const reordered = (facts: NamespaceFacts): fc.Arbitrary<NamespaceFacts> =>
  fc.record({
    namespace: fc.constant(facts.namespace),
    capturedAt: fc.constant(facts.capturedAt),
    deployments: shuffled(facts.deployments),
    pods: shuffled(facts.pods),
    services: shuffled(facts.services),
    events: shuffled(facts.events),
  });

/** Other names and uids for the pods that a controller owns, as after a rollout of the very same template. */
function renamed(facts: NamespaceFacts): NamespaceFacts {
  const controllers = new Set([
    ...facts.deployments.map(({ uid }) => uid),
    'uid-set-web',
    'uid-set-api',
    'uid-set-cart',
  ]);
  const again = (pod: PodFacts): PodFacts => ({ ...pod, name: `${pod.name}-again`, uid: `${pod.uid}-again` });
  return { ...facts, pods: facts.pods.map((pod) => (controllers.has(pod.owner?.uid ?? '') ? again(pod) : pod)) };
}

describe('detection', () => {
  it('finds the very same in whatever order the facts come', () => {
    fc.assert(
      fc.property(
        arbitraryFacts.chain((facts) => fc.tuple(fc.constant(facts), reordered(facts))),
        ([facts, other]) => {
          expect(detect(CLUSTER, other)).toEqual(detect(CLUSTER, facts));
        },
      ),
    );
  });

  it('gives the same keys when controllers replace their pods', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const keys = (of: NamespaceFacts) =>
          detect(CLUSTER, { ...of, events: of.events.filter(({ involved }) => involved.kind !== 'Pod') }).map(
            ({ key }) => key,
          );
        expect(keys(renamed(facts))).toEqual(keys(facts));
      }),
    );
  });

  it('finds each thing once, in the namespace that was observed, and links only to what it found', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const findings = detect(CLUSTER, facts);
        const keys = findings.map(({ key }) => key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const finding of findings) {
          expect(finding.key).toMatch(ANOMALY_KEY_PATTERN);
          expect(finding.target.namespace).toBe(NAMESPACE);
          expect(targetSchema.safeParse(finding.target).success).toBe(true);
          if (finding.explainedBy !== null)
            expect(keys.filter((key) => key !== finding.key)).toContain(finding.explainedBy);
        }
      }),
    );
  });

  it('gives a Deployment either the reason of its pods or none, never both', () => {
    fc.assert(
      fc.property(arbitraryFacts, (facts) => {
        const of = (category: string) =>
          detect(CLUSTER, facts)
            .filter((f) => f.category === category)
            .map(({ target }) => target.uid);
        const unavailable = of('DeploymentUnavailable');
        expect(of('PodUnhealthy').filter((uid) => unavailable.includes(uid))).toEqual([]);
      }),
    );
  });
});
