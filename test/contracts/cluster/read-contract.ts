/** What reads rest on: pages of one snapshot, selectors, logs that are cut where we think, and roles that hold. */
import { describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import { workbench } from './some-deployment.ts';

export function readContract(cluster: UnderTest): void {
  const { create } = workbench(cluster);
  const list = async (path: string, query: Record<string, string> = {}): Promise<Answered> =>
    (await cluster().call('reader', { path, query })).body;
  const names = (page: Answered): readonly string[] => page.items.map(({ metadata }: Answered) => metadata.name);

  describe('pages', () => {
    it('of a list make up the list, each object once', async () => {
      for (let at = 0; at < 4; at += 1) await create();
      const whole = names(await list('/apis/apps/v1/namespaces/shop/deployments'));
      const read: string[] = [];
      let token: string | undefined;
      do {
        const page = await list('/apis/apps/v1/namespaces/shop/deployments', {
          limit: '2',
          ...(token === undefined ? {} : { continue: token }),
        });
        expect(page.items.length).toBeLessThanOrEqual(2);
        read.push(...names(page));
        token = page.metadata.continue === '' ? undefined : page.metadata.continue;
      } while (token !== undefined);
      expect(read.toSorted()).toEqual(whole.toSorted());
    });

    it('hold to what there was at the first', async () => {
      await create();
      await create();
      const first = await list('/apis/apps/v1/namespaces/shop/deployments', { limit: '1' });
      const { metadata } = await create();
      const rest = await list('/apis/apps/v1/namespaces/shop/deployments', {
        limit: '500',
        continue: first.metadata.continue,
      });
      expect([...names(first), ...names(rest)]).not.toContain(metadata.name);
    });

    it('with a token that is none are refused', async () => {
      const answer = await cluster().call('reader', {
        path: '/api/v1/namespaces/shop/pods',
        query: { limit: '1', continue: 'nonsense' },
      });
      expect([400, 410]).toContain(answer.status);
    });
  });

  it('selects by label, and refuses a selector that is none with 400', async () => {
    const { metadata } = await create();
    expect(
      names(await list('/apis/apps/v1/namespaces/shop/deployments', { labelSelector: `app=${metadata.name}` })),
    ).toEqual([metadata.name]);
    expect(
      (await cluster().call('reader', { path: '/api/v1/namespaces/shop/pods', query: { labelSelector: '(((' } }))
        .status,
    ).toBe(400);
    expect(
      (await cluster().call('reader', { path: '/api/v1/namespaces/shop/pods', query: { fieldSelector: '(((' } }))
        .status,
    ).toBe(400);
  });

  it('knows each cluster by the uid of kube-system', async () => {
    for (const identity of ['reader', 'proposer', 'executor'] as const) {
      const { status, body } = await cluster().call(identity, { path: '/api/v1/namespaces/kube-system' });
      expect([status, typeof body.metadata?.uid]).toEqual([200, 'string']);
    }
  });

  it('tells everybody its version', async () => {
    expect((await cluster().call('proposer', { path: '/version' })).body.gitVersion).toMatch(/^v1\.\d+/);
  });

  describe('the roles', () => {
    it.each(['reader', 'proposer', 'executor'] as const)('let the %s read no Secret', async (identity) => {
      expect((await cluster().call(identity, { path: '/api/v1/namespaces/shop/secrets' })).status).toBe(403);
    });

    it.each(['proposer', 'executor'] as const)(
      'let the %s change nothing where no namespace was handed over',
      async (identity) => {
        const path = '/apis/apps/v1/namespaces/kube-system/deployments/any';
        expect(
          (await cluster().call(identity, { method: 'PATCH', path, body: {}, query: { dryRun: 'All' } })).status,
        ).toBe(403);
      },
    );

    it('let the reader write nothing, dry run or not', async () => {
      const { metadata } = await create();
      const path = `/apis/apps/v1/namespaces/shop/deployments/${metadata.name}`;
      for (const query of [{}, { dryRun: 'All' }]) {
        expect(
          (await cluster().call('reader', { method: 'PATCH', path, body: { spec: { replicas: 1 } }, query })).status,
        ).toBe(403);
      }
    });

    it.each(['proposer', 'executor'] as const)(
      "let the %s reach no subresource and nobody else's rights",
      async (identity) => {
        const { metadata } = await create();
        const deployment = `/apis/apps/v1/namespaces/shop/deployments/${metadata.name}`;
        for (const path of [`${deployment}/scale`, `${deployment}/status`]) {
          expect(
            (await cluster().call(identity, { method: 'PATCH', path, body: {}, query: { dryRun: 'All' } })).status,
          ).toBe(403);
        }
        const token = '/api/v1/namespaces/countersign-system/serviceaccounts/countersign-executor/token';
        expect([403, 404]).toContain(
          (await cluster().call(identity, { method: 'POST', path: token, body: {} })).status,
        );
      },
    );

    it('let proposer and executor see the guard policies', async () => {
      for (const identity of ['proposer', 'executor'] as const) {
        const path =
          '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/countersign-executor-marked-writes';
        expect((await cluster().call(identity, { path })).body.spec.failurePolicy).toBe('Fail');
      }
    });
  });
}
