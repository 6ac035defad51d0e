import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeployment } from './kinds.ts';
import { createDeployment, imagesOf, serving, setImage, sizeOf, testCluster } from './testing/cluster.ts';

const plans = fc
  .record({
    replicas: fc.integer({ min: 1, max: 6 }),
    maxSurge: fc.oneof(fc.nat(3), fc.constantFrom('25%', '50%', '100%')),
    maxUnavailable: fc.oneof(fc.nat(3), fc.constantFrom('0%', '25%', '50%')),
    /** Each new template, and after how many milliseconds the next one comes. */
    images: fc.array(
      fc.record({
        image: fc.constantFrom('good:1', 'good:2', 'good:3', 'missing:1'),
        afterMs: fc.integer({ min: 1, max: 900 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge !== 0 || maxUnavailable !== 0);

describe('rolling updates, whatever comes while they run', () => {
  it('never serve with fewer than desired minus maxUnavailable pods, never ask for more than desired plus maxSurge, and end as the last template wants', () => {
    fc.assert(
      fc.property(plans, ({ replicas, maxSurge, maxUnavailable, images }) => {
        const cluster = testCluster();
        createDeployment(cluster, {
          replicas,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
        });
        cluster.settle();
        const view = readDeployment(cluster.deployment());
        if (view === undefined) throw new Error('unreadable Deployment');
        const floor = replicas - view.maxUnavailable;
        const ceiling = replicas + view.maxSurge;
        let fewest = replicas;
        let most = 0;
        cluster.store.subscribe(({ resource }) => {
          if (resource === 'pods') fewest = Math.min(fewest, serving(cluster.pods()).length);
          const asked = cluster.replicaSets().reduce((sum, set) => sum + sizeOf(set), 0);
          if (resource === 'replicasets.apps') most = Math.max(most, asked);
        });

        for (const { image, afterMs } of images) {
          setImage(cluster, image);
          cluster.time.advance(afterMs);
        }
        cluster.settle();

        expect(fewest).toBeGreaterThanOrEqual(floor);
        expect(most).toBeLessThanOrEqual(ceiling);
        expect(cluster.errors).toEqual([]);
        const last = images.at(-1)?.image ?? '';
        if (last !== 'missing:1')
          expect(imagesOf(cluster.pods())).toEqual(Array.from({ length: replicas }, () => last));
      }),
      { numRuns: 60 },
    );
  });
});
