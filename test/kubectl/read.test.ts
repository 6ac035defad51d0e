import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubectlCluster, startKubectlCluster } from './kubectl.ts';

let cluster: KubectlCluster;
beforeAll(async () => {
  cluster = await startKubectlCluster();
  await cluster.sandbox.settled();
});
afterAll(() => cluster?.dispose());

const kubectl = (...args: string[]) => cluster.kubectl('-n', 'shop', ...args);

describe('kubectl get', () => {
  it('prints the columns of each kind', async () => {
    expect(await kubectl('get', 'deployments')).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\napi +2\/2 +2 +2 /);
    expect(await kubectl('get', 'pods', '-l', 'app=web')).toMatch(
      /NAME +READY +STATUS +RESTARTS +AGE\nweb-\S+ +0\/1 +(ImagePullBackOff|ErrImagePull) /,
    );
    expect(await kubectl('get', 'services')).toMatch(/search +ClusterIP +10\.96\.\d+\.\d+ +<none> +8080\/TCP/);
    expect(await kubectl('get', 'replicasets')).toMatch(/^NAME +DESIRED +CURRENT +READY +AGE\n/);
    expect(await kubectl('get', 'endpointslices')).toMatch(/search-\S+ +IPv4 +<unset> +<unset>/);
    expect(await kubectl('get', 'configmaps')).toMatch(/shop-settings +3 /);
    expect(await kubectl('get', 'namespaces')).toMatch(/kube-system +Active/);
    expect(await kubectl('get', 'nodes')).toMatch(/Ready +control-plane/);
  });

  it('prints more with -o wide, everything with -o yaml, one field with jsonpath', async () => {
    expect(await kubectl('get', 'deployment', 'api', '-o', 'wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n.*shop-api:1\.4\.2 +app=api/,
    );
    expect(await kubectl('get', 'pods', '-o', 'wide')).toMatch(/IP +NODE/);
    expect(await kubectl('get', 'deployment', 'api', '-o', 'yaml')).toContain('progressDeadlineSeconds: 600');
    expect(await kubectl('get', 'deployment', 'api', '-o', 'jsonpath={.metadata.generation}')).toMatch(/^\d+$/);
  });

  it('selects by label and by field, over all namespaces, and in pages', async () => {
    const running = await kubectl(
      'get',
      'pods',
      '--all-namespaces',
      '--field-selector',
      'status.phase=Running',
      '-o',
      'name',
    );
    expect(running).toContain('pod/ledger-');
    expect(running).not.toContain('pod/web-');
    const paged = await kubectl('get', 'pods', '--all-namespaces', '--chunk-size=2', '-o', 'name');
    expect(paged.split('\n').sort()).toEqual(
      (await kubectl('get', 'pods', '--all-namespaces', '--chunk-size=0', '-o', 'name')).split('\n').sort(),
    );
    expect(await kubectl('get', 'all')).toContain('deployment.apps/worker');
  });

  it('prints events, also sorted', async () => {
    expect(await kubectl('get', 'events')).toMatch(/LAST SEEN +TYPE +REASON +OBJECT +MESSAGE/);
    expect(
      await kubectl('get', 'events', '--sort-by=.metadata.creationTimestamp', '--field-selector', 'type=Warning'),
    ).toContain('Back');
  });

  it('watches', async () => {
    const seen = cluster.until(
      /cart-\S+ +\d\/1 +\S+[\s\S]*cart-\S+[\s\S]*Terminating/,
      '-n',
      'shop',
      'get',
      'pods',
      '-l',
      'app=cart',
      '--watch',
    );
    await kubectl('delete', 'pod', '-l', 'app=cart', '--wait=false');
    expect(await seen).toContain('Terminating');
  });

  it('says what is not there and what is not allowed', async () => {
    expect((await cluster.as('user', ['-n', 'shop', 'get', 'pod', 'none'])).error).toContain('pods "none" not found');
    const secret = await cluster.as('reader', ['-n', 'shop', 'get', 'secrets']);
    expect(secret).toMatchObject({ code: 1, out: '' });
    expect(secret.error).toContain('cannot list resource "secrets"');
  });
});

describe('kubectl logs', () => {
  it('prints the log of a pod, of a Deployment and of a selector', async () => {
    expect(await kubectl('logs', 'deployment/api', '--tail=1')).toContain('shop-api');
    expect(await kubectl('logs', '-l', 'app=api', '--tail=1')).toContain('shop-api');
    expect(await kubectl('logs', 'deployment/api', '--limit-bytes=8')).toHaveLength(8);
  });

  it('prints the last words of a container that crashed', async () => {
    const pod = (await kubectl('get', 'pods', '-l', 'app=worker', '-o', 'name')).trim();
    expect(await kubectl('logs', pod, '--previous')).toContain('queue.ckpt is truncated');
  });

  it('says why there is none', async () => {
    const pod = (await kubectl('get', 'pods', '-l', 'app=web', '-o', 'name')).split('\n')[0] ?? '';
    expect((await cluster.as('user', ['-n', 'shop', 'logs', pod])).error).toContain('trying and failing to pull image');
  });
});

describe('kubectl describe', () => {
  it('shows objects with their events', async () => {
    expect(await kubectl('describe', 'deployment', 'api')).toMatch(/Events:[\s\S]*ScalingReplicaSet/);
    expect(await kubectl('describe', 'pod', '-l', 'app=web')).toMatch(/Failed to pull image/);
    expect(await kubectl('describe', 'service', 'search')).toContain('app=search-v2');
  });
});
