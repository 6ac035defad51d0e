import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubectlCluster, startKubectlCluster } from './kubectl.ts';

let cluster: KubectlCluster;
beforeAll(async () => {
  cluster = await startKubectlCluster();
  await cluster.sandbox.settled();
});
afterAll(() => cluster?.dispose());

const kubectl = (...args: string[]) => cluster.kubectl('-n', 'shop', ...args);
const rolledOut = (name: string) => kubectl('rollout', 'status', `deployment/${name}`, '--timeout=40s');
const field = (kind: string, name: string, path: string) => kubectl('get', kind, name, '-o', `jsonpath={${path}}`);

describe('kubectl scale', () => {
  it('changes the number of pods, with and without a precondition', async () => {
    await kubectl('scale', 'deployment/cart', '--replicas=3');
    expect(await rolledOut('cart')).toContain('successfully rolled out');
    await kubectl('scale', 'deployment/cart', '--replicas=1', '--current-replicas=3');
    expect(await field('deployment', 'cart', '.spec.replicas')).toBe('1');
    expect(
      (await cluster.as('user', ['-n', 'shop', 'scale', 'deployment/cart', '--replicas=2', '--current-replicas=3']))
        .code,
    ).toBe(1);
  });
});

describe('kubectl rollout', () => {
  it('follows a new image, tells the history, and undoes it with the guard policies in place', async () => {
    await kubectl('set', 'image', 'deployment/cache', 'cache=redis:7.2-alpine');
    expect(await rolledOut('cache')).toContain('successfully rolled out');
    expect(await kubectl('rollout', 'history', 'deployment/cache')).toMatch(
      /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +<none>/,
    );
    expect(await kubectl('rollout', 'history', 'deployment/cache', '--revision=1')).toContain('redis:7.4-alpine');
    await kubectl('rollout', 'undo', 'deployment/cache');
    expect(await rolledOut('cache')).toContain('successfully rolled out');
    expect(await field('deployment', 'cache', '.spec.template.spec.containers[0].image')).toBe('redis:7.4-alpine');
  });

  it('restarts, which heals the worker', async () => {
    await kubectl('rollout', 'restart', 'deployment/worker');
    expect(await rolledOut('worker')).toContain('successfully rolled out');
  });

  it('undoes what the executor wrote, although the mark was copied to the ReplicaSets', async () => {
    const mark = `pln_${'A'.repeat(22)}/1/sha256:${'ab'.repeat(32)}`;
    const patch = JSON.stringify({
      metadata: { annotations: { 'countersign.dev/plan': mark } },
      spec: { template: { spec: { containers: [{ name: 'api', image: 'ghcr.io/countersign/shop-api:1.5.0' }] } } },
    });
    const args = ['-n', 'shop', 'patch', 'deployment', 'api', '--field-manager=countersign', '-p', patch];
    expect(await cluster.as('executor', args)).toMatchObject({ code: 0 });
    await rolledOut('api');
    await kubectl('rollout', 'undo', 'deployment/api');
    expect(await rolledOut('api')).toContain('successfully rolled out');
    expect(await field('deployment', 'api', '.spec.template.spec.containers[0].image')).toContain('1.4.2');
  });
});

describe('kubectl create, patch, apply and delete', () => {
  const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: by-file }
spec:
  selector: { matchLabels: { app: by-file } }
  template:
    metadata: { labels: { app: by-file } }
    spec: { containers: [{ name: main, image: "nginx:1.27-alpine" }] }
`;

  it('makes and removes objects, from arguments and from files', async () => {
    await kubectl('create', 'deployment', 'by-hand', '--image=nginx:1.27-alpine');
    expect(await rolledOut('by-hand')).toContain('successfully rolled out');
    await kubectl('expose', 'deployment', 'by-hand', '--port=80');
    await kubectl('delete', 'deployment,service', 'by-hand');
    expect(await kubectl('get', 'replicasets', '-l', 'app=by-hand', '-o', 'name')).toBe('');
    await kubectl('create', 'namespace', 'made');
    await kubectl('delete', 'namespace', 'made');
    expect((await cluster.as('user', ['-n', 'shop', 'create', '-f', '-'], deployment)).code).toBe(0);
    expect((await cluster.as('user', ['-n', 'shop', 'create', '-f', '-'], deployment)).error).toContain(
      'already exists',
    );
  });

  it('applies a changed file as a patch, and says which fields of a wrong one are wrong', async () => {
    const apply = (text: string) => cluster.as('user', ['-n', 'shop', 'apply', '-f', '-'], text);
    expect((await apply(deployment.replace('spec:\n', 'spec:\n  replicas: 2\n'))).code).toBe(0);
    expect(await field('deployment', 'by-file', '.spec.replicas')).toBe('2');
    const wrong = deployment.replace('labels: { app: by-file }', 'labels: { app: other }').replace(/by-file/, 'wrong');
    expect((await apply(wrong)).error).toContain('`selector` does not match template `labels`');
  });

  it('patches in all three ways, and dry-runs', async () => {
    const container =
      '{"spec":{"template":{"spec":{"containers":[{"name":"main","env":[{"name":"A","value":"b"}]}]}}}}';
    await kubectl('patch', 'deployment', 'by-file', '-p', container);
    expect(await field('deployment', 'by-file', '.spec.template.spec.containers[0].image')).toBe('nginx:1.27-alpine');
    await kubectl('patch', 'deployment', 'by-file', '--type=merge', '-p', '{"spec":{"replicas":1}}');
    await kubectl(
      'patch',
      'deployment',
      'by-file',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/replicas","value":0}]',
    );
    expect(
      await kubectl('patch', 'deployment', 'by-file', '--dry-run=server', '-p', '{"spec":{"replicas":4}}'),
    ).toContain('by-file');
    expect(await field('deployment', 'by-file', '.spec.replicas')).toBe('0');
    await kubectl('label', 'deployment', 'by-file', 'tier=front');
    await kubectl('annotate', 'deployment', 'by-file', 'note=x');
  });

  it('is told of a conflict when it replaces an object that has changed', async () => {
    const old = await kubectl('get', 'configmap', 'shop-settings', '-o', 'json');
    await kubectl('label', 'configmap', 'shop-settings', 'moved=on');
    const stale = await cluster.as('user', ['-n', 'shop', 'replace', '-f', '-'], old.replace('EUR', 'USD'));
    expect(stale.error).toContain('the object has been modified');
  });
});

describe('the identities', () => {
  const scale = ['-n', 'shop', 'patch', 'deployment', 'web', '-p', '{"spec":{"replicas":1}}'];

  it('proposer: dry runs only', async () => {
    expect(await cluster.as('proposer', [...scale, '--dry-run=server'])).toMatchObject({ code: 0 });
    expect((await cluster.as('proposer', scale)).error).toContain('the proposer may only dry-run');
  });

  it('executor: marked writes only; reader: nothing', async () => {
    expect((await cluster.as('executor', scale)).error).toContain(
      'must set exactly one of the annotations countersign.dev/plan',
    );
    expect((await cluster.as('executor', ['-n', 'shop', 'delete', 'deployment', 'web'])).error).toContain(
      'preconditions',
    );
    expect((await cluster.as('reader', scale)).error).toContain('cannot patch resource "deployments"');
    expect((await cluster.as('user', [...scale, '--as=system:admin'])).error).toContain('impersonation');
  });

  it('can be asked what they may do', async () => {
    const can = async (identity: 'reader' | 'proposer', ...args: string[]) =>
      (await cluster.as(identity, ['auth', 'can-i', ...args])).out.split('\n')[0]?.split(' ')[0];
    expect(await can('reader', 'list', 'pods', '--all-namespaces')).toBe('yes');
    expect(await can('reader', 'get', 'secrets', '-n', 'shop')).toBe('no');
    expect(await can('proposer', 'patch', 'deployments.apps', '-n', 'payments')).toBe('no');
  });
});
