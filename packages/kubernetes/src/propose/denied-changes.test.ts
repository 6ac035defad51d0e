/** Changes that policy denies, asked for in the ways that a real API server takes: the rules see what comes of a request, not how it is spelt. */
import type { ChangeRequest, Json } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { somePolicy } from '../testing/objects.ts';
import type { Members } from '../testing/rule-cases.ts';
import { proposal, startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { proposalCluster } from './proposal-cluster.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

type Asked = ChangeRequest['operation'];
const json = (...patch: Json[]): Asked => ({ type: 'patch', patchType: 'json', patch });
const merge = (patch: Json): Asked => ({ type: 'patch', patchType: 'merge', patch });
const strategic = (patch: Json): Asked => ({ type: 'patch', patchType: 'strategic', patch });
const inTemplate = (spec: Members): Members => ({ spec: { template: { spec } } });
const root: Members = { name: 'x', image: 'a:1', securityContext: { privileged: true } };

const prepare = (operation: Asked, request: Partial<ChangeRequest> = {}) =>
  proposalCluster(cluster.connect('proposer')).prepare(
    proposal(request.name ?? 'api', operation, { request, policy: somePolicy({ podSecurity: 'restricted' }) }),
  );
async function deniedBy(operation: Asked, request: Partial<ChangeRequest> = {}): Promise<readonly string[]> {
  const prepared = await prepare(operation, request);
  if (prepared.ok) return [];
  return prepared.refusal.code === 'policy.denied'
    ? prepared.refusal.findings.map(({ code }) => code)
    : [`refused: ${prepared.refusal.code}`];
}

describe('a denied change stays denied', () => {
  it.each([
    [
      'a JSON patch that adds an init container',
      json({ op: 'add', path: '/spec/template/spec/initContainers', value: [root] }),
      'privileged',
    ],
    [
      'a JSON patch into a container',
      json({ op: 'add', path: '/spec/template/spec/containers/0/securityContext', value: { privileged: true } }),
      'privileged',
    ],
    [
      'a strategic patch of one container',
      strategic(inTemplate({ containers: [{ name: 'api', securityContext: { privileged: true } }] })),
      'privileged',
    ],
    ['a strategic patch that adds one', strategic(inTemplate({ containers: [root] })), 'privileged'],
    [
      'a strategic patch that replaces the list',
      strategic(inTemplate({ containers: [{ $patch: 'replace' }, root] })),
      'privileged',
    ],
    [
      'a strategic patch with an order of its own',
      strategic(inTemplate({ '$setElementOrder/initContainers': [{ name: 'x' }], initContainers: [root] })),
      'privileged',
    ],
    ['a merge patch', merge(inTemplate({ hostPID: true })), 'host-namespace'],
    [
      'a capability',
      strategic(
        inTemplate({ containers: [{ name: 'api', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }] }),
      ),
      'added-capability',
    ],
    [
      'a port of the node',
      strategic(inTemplate({ containers: [{ name: 'api', ports: [{ containerPort: 8080, hostPort: 8080 }] }] })),
      'host-port',
    ],
    ['another service account', merge(inTemplate({ serviceAccountName: 'admin' })), 'service-account'],
    [
      'a volume that the profile forbids',
      merge(inTemplate({ volumes: [{ name: 'v', nfs: { server: 's', path: '/' } }] })),
      'pod-security',
    ],
    ['too many replicas', merge({ spec: { replicas: 50 } }), 'replicas-out-of-bounds'],
  ] as const)('by %s', async (_what, operation, code) => {
    expect(await deniedBy(operation)).toContain(code);
  });

  it('in the template of a CronJob', async () => {
    const pod = (container: Members): Json => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: 'shop' },
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
      },
    });
    const apply = (container: Members): Asked => ({ type: 'apply', manifest: pod(container) as Members });
    const request = { kind: 'CronJob', name: 'nightly' };
    expect(await deniedBy(apply(root), request)).toEqual(expect.arrayContaining(['privileged', 'pod-security']));
    expect(await deniedBy(apply({ name: 'x', image: 'a' }), request)).toContain('image-tag');
  });

  it.each(['NodePort', 'LoadBalancer', 'ExternalName'])('when a Service becomes a %s', async (type) => {
    const spec = type === 'ExternalName' ? { type, externalName: 'evil.example.com' } : { type };
    expect(await deniedBy(merge({ spec }), { kind: 'Service', name: 'api' })).toContain('service-exposed');
  });

  it.each(['kube-system', 'countersign-system'])('in %s, whatever the policy’s own list says', async (namespace) => {
    const prepared = await proposalCluster(cluster.connect('proposer')).prepare(
      proposal('api', { type: 'restart' }, { request: { namespace }, policy: somePolicy({ namespaces: [namespace] }) }),
    );
    expect(prepared).toMatchObject({ refusal: { code: 'policy.denied', findings: [{ code: 'protected-namespace' }] } });
  });

  it('while a change that only looks alike is proposed, at the tier that it has', async () => {
    const limits = { resources: { limits: { memory: '256Mi' } } };
    expect(await prepare(strategic(inTemplate({ containers: [{ name: 'api', ...limits }] })))).toMatchObject({
      ok: true,
      value: { riskTier: 'medium', riskReasons: ['changes what the containers may use'] },
    });
    expect(await prepare(merge(inTemplate({ terminationGracePeriodSeconds: 5 })))).toMatchObject({
      ok: true,
      value: { riskTier: 'medium' },
    });
    expect(await prepare({ type: 'label', labels: { team: 'a' } })).toMatchObject({
      ok: true,
      value: { riskTier: 'low' },
    });
  });

  it('and a plan of several steps names the step that is denied', async () => {
    const both = proposal('api', { type: 'restart' });
    const worker = {
      ...both.requests[0],
      name: 'worker',
      operation: merge(inTemplate({ hostNetwork: true })),
    } as ChangeRequest;
    const prepared = await proposalCluster(cluster.connect('proposer')).prepare({
      ...both,
      requests: [...both.requests, worker],
    });
    expect(prepared).toMatchObject({
      refusal: { code: 'policy.denied', findings: [{ step: 2, code: 'host-namespace' }] },
    });
  });
});
