/** The reading adapter on a cluster, whichever: discovery, pages, Tables and what a role lacks, as a real API server has them. */
import { type ClusterConnection, clusterReads } from '@countersign/kubernetes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../cluster/eventually.ts';
import type { Adapter } from './adapter-under-test.ts';

const GROUP = 'reads.countersign.dev';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const ROLES = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';
const ESTABLISHED_TIMEOUT_MILLISECONDS = 30_000;
const CANARY = 'qzwxcanary';
const PODS = 7;

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `gauges.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural: 'gauges', singular: 'gauge', kind: 'Gauge', shortNames: ['gg'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Password', type: 'string', jsonPath: '.spec.password' },
        ],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'integer' }, password: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};
const gauge = {
  apiVersion: `${GROUP}/v1`,
  kind: 'Gauge',
  metadata: { name: 'one', annotations: { note: CANARY } },
  spec: { size: 3, password: CANARY },
};
const pod = (at: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `read-${at}`, labels: { app: 'read' }, annotations: { note: CANARY } },
  spec: {
    // A node that is not there: it stays as it is.
    nodeName: 'nowhere',
    containers: [
      { name: 'app', image: 'nginx:1', env: [{ name: 'X', value: CANARY }], resources: { requests: { cpu: '1m' } } },
    ],
  },
});
const granted = {
  role: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'read-gauges' },
    rules: [{ apiGroups: [GROUP], resources: ['gauges'], verbs: ['get', 'list'] }],
  },
  binding: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'read-gauges' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'read-gauges' },
    subjects: [{ kind: 'ServiceAccount', name: 'countersign-reader', namespace: 'countersign-system' }],
  },
};

export function readContract(adapter: () => Adapter): void {
  const sent: string[] = [];
  const readsOf = () => {
    const reader = adapter().connect('reader');
    const counted: ClusterConnection = {
      ...reader,
      send: (request) => {
        sent.push(request.path.join('/'));
        return reader.send(request);
      },
    };
    return clusterReads(counted, { namespaces: ['shop', 'payments'], clock: () => new Date() });
  };
  const made = async (path: string, body: object): Promise<void> => {
    const { status } = await adapter().user({ method: 'POST', path, body });
    if (status !== 201) throw new Error(`${path}: ${status}`);
  };
  const remove = (path: string) => adapter().user({ method: 'DELETE', path });
  const page = { namespace: 'shop', limit: 50, detail: 'concise' } as const;

  describe('reads', () => {
    beforeAll(async () => {
      await made(DEFINITIONS, definition);
      await eventually(ESTABLISHED_TIMEOUT_MILLISECONDS, async () => {
        const { status } = await adapter().user({
          method: 'POST',
          path: `/apis/${GROUP}/v1/namespaces/shop/gauges`,
          body: gauge,
        });
        return status === 201 || status === 409 ? true : undefined;
      });
      for (let at = 0; at < PODS; at += 1) await made('/api/v1/namespaces/shop/pods', pod(at));
    });
    afterAll(async () => {
      await remove(`${DEFINITIONS}/${definition.metadata.name}`);
      for (let at = 0; at < PODS; at += 1) {
        await adapter().user({
          method: 'DELETE',
          path: `/api/v1/namespaces/shop/pods/read-${at}`,
          body: { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0 },
        });
      }
      await remove(`${ROLES}/rolebindings/read-gauges`);
      await remove(`${ROLES}/roles/read-gauges`);
    });

    it('find built-in and custom kinds by every name that they have, and no Secret by any', async () => {
      const reads = readsOf();
      for (const [name, kind] of [
        ['po', 'Pod'],
        ['deployments.apps', 'Deployment'],
        ['horizontalpodautoscaler', 'HorizontalPodAutoscaler'],
        ['Event', 'Event'],
      ]) {
        expect(await reads.list({ kind: name ?? '', ...page })).toMatchObject({ ok: true, value: { kind } });
      }
      for (const name of ['Secret', 'secrets', 'secrets.v1', 'secrets.v1.', 'secret/x', 'pods,secrets']) {
        sent.length = 0;
        expect((await reads.list({ kind: name, ...page })).ok).toBe(false);
        expect(sent).toEqual([]);
      }
      const kinds = await reads.apiResources({ verbs: ['list'], offset: 0, limit: 500 });
      const names = kinds.ok ? kinds.value.resources.map(({ name }) => name) : [];
      expect(names).toEqual(expect.arrayContaining(['pods', 'secrets', 'cronjobs.batch', `gauges.${GROUP}`]));
      expect(names.filter((name) => name.includes('/'))).toEqual([]);
    });

    it('of a custom kind take a rule, are named by it where it lacks, and come as the columns of the definition', async () => {
      const reads = readsOf();
      expect(await reads.list({ kind: 'gg', ...page })).toEqual({
        ok: false,
        refusal: { code: 'cluster.forbidden', rule: `apiGroups ['${GROUP}'], resources [gauges], verbs [list]` },
      });
      expect(await reads.kindAccess({ kind: 'Gauge', namespace: 'shop' })).toMatchObject({
        value: { unreadable: 'role' },
      });
      await made(`${ROLES}/roles`, granted.role);
      await made(`${ROLES}/rolebindings`, granted.binding);
      const listed = await eventually(ESTABLISHED_TIMEOUT_MILLISECONDS, async () => {
        const answer = await reads.list({ kind: 'gauges', ...page });
        return answer.ok ? answer.value : undefined;
      });
      expect(listed.items).toEqual([
        {
          name: 'one',
          createdAt: expect.any(String),
          columns: { Size: 3, Password: expect.stringContaining('[redacted') },
        },
      ]);
      for (const output of ['summary', 'yaml', 'describe'] as const) {
        const one = await reads.object({ kind: 'Gauge', namespace: 'shop', name: 'one', output, detail: 'detailed' });
        expect(one.ok).toBe(true);
        expect(JSON.stringify(one)).not.toContain(CANARY);
      }
      expect(await reads.kindAccess({ kind: 'Gauge', namespace: 'shop' })).toMatchObject({
        value: { unreadable: null },
      });
    });

    it('go page by page through a list, each object once, under a selector as well', async () => {
      const reads = readsOf();
      const names: string[] = [];
      let token: string | undefined;
      do {
        const query = { kind: 'Pod', ...page, limit: 2, labelSelector: 'app in (read)', continue: token };
        const answer = await reads.list(query);
        if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
        names.push(...answer.value.items.map((item) => String(Object(item).name)));
        token = answer.value.continue ?? undefined;
      } while (token !== undefined);
      expect(names).toEqual(Array.from({ length: PODS }, (_, at) => `read-${at}`));
    });

    it('with a token that somebody made show nothing of another namespace, or are refused', async () => {
      const reads = readsOf();
      const first = await reads.list({ kind: 'Pod', ...page, limit: 1, labelSelector: 'app=read' });
      if (!first.ok || first.value.continue === null) throw new Error('no first page');
      const given = first.value.continue;
      for (const other of [{ namespace: 'payments' }, { kind: 'Service' }, { labelSelector: 'app=x' }]) {
        const query = { kind: 'Pod', ...page, labelSelector: 'app=read', ...other, continue: given };
        expect(await reads.list(query)).toMatchObject({ refusal: { code: 'request.invalid' } });
      }
      const [binding, inner] = JSON.parse(Buffer.from(given, 'base64url').toString()) as [string, string];
      const { v, rv } = JSON.parse(Buffer.from(inner, 'base64').toString()) as {
        readonly v: string;
        readonly rv: number;
      };
      for (const start of [
        '../kube-system/',
        '../../secrets/shop/x',
        '',
        '\u0000',
        '/registry/secrets/',
        'read-3\u0000',
      ]) {
        const forged = Buffer.from(JSON.stringify({ v, rv, start })).toString('base64url');
        const token = Buffer.from(JSON.stringify([binding, forged])).toString('base64url');
        const answer = await reads.list({ kind: 'Pod', ...page, labelSelector: 'app=read', continue: token });
        if (!answer.ok) continue;
        expect(answer.value.items.every((item) => String(Object(item).name).startsWith('read-'))).toBe(true);
      }
      const rotten = Buffer.from(JSON.stringify([binding, 'rotten'])).toString('base64url');
      expect(await reads.list({ kind: 'Pod', ...page, labelSelector: 'app=read', continue: rotten })).toMatchObject({
        ok: false,
      });
    });

    it('with a selector that the kind does not have are refused', async () => {
      const query = { kind: 'Pod', ...page, fieldSelector: 'spec.nonsense=x' };
      expect(await readsOf().list(query)).toMatchObject({ refusal: { code: 'request.invalid' } });
    });

    it('tell of the cluster, of a namespace and of each pod without a value that nobody may see', async () => {
      const reads = readsOf();
      const answers = [
        await reads.clusterHealth({ namespaces: ['shop'], nodeLimit: 5 }),
        await reads.status('shop'),
        await reads.events({ namespace: 'shop', limit: 50, excludeTypes: [] }),
        await reads.list({ kind: 'Pod', ...page, detail: 'detailed' }),
        await reads.object({ kind: 'Pod', namespace: 'shop', name: 'read-0', output: 'yaml', detail: 'detailed' }),
        await reads.object({ kind: 'Pod', namespace: 'shop', name: 'read-0', output: 'describe', detail: 'detailed' }),
        await reads.diagnostics({ kind: 'Pod', namespace: 'shop', name: 'read-0', limit: 10 }),
      ];
      expect(answers.map(({ ok }) => ok)).toEqual(answers.map(() => true));
      expect(JSON.stringify(answers)).not.toContain(CANARY);
      expect(answers[0]).toMatchObject({ value: { readiness: 'ready', nodes: { visible: true } } });
    });
  });
}
