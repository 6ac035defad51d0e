import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubectlCluster, startKubectlCluster } from './kubectl.ts';

let cluster: KubectlCluster;
beforeAll(async () => {
  cluster = await startKubectlCluster();
  await cluster.sandbox.settled();
});
afterAll(() => cluster?.dispose());

const kubectl = (...args: string[]) => cluster.kubectl('-n', 'shop', ...args);
const withFile = (text: string, ...args: string[]) => cluster.as('user', ['-n', 'shop', ...args, '-f', '-'], text);
const field = (what: string, path: string) => kubectl('get', what, '-o', `jsonpath={${path}}`);

const deployment = (name: string, replicas = 1, image = 'nginx:1.27-alpine') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "${image}", ports: [{ containerPort: 80 }] }] }
`;

describe('kubectl apply', () => {
  it('creates, changes and leaves alone, by its own record of the last file', async () => {
    expect((await withFile(deployment('client'), 'apply')).out).toContain('created');
    expect((await withFile(deployment('client', 2), 'apply')).out).toContain('configured');
    expect((await withFile(deployment('client', 2), 'apply')).out).toContain('unchanged');
    // What the file no longer has, goes; what somebody else set, stays.
    await kubectl('label', 'deployment', 'client', 'team=x');
    await withFile(deployment('client', 2).replace(', ports: [{ containerPort: 80 }]', ''), 'apply');
    expect(await field('deployment/client', '.spec.template.spec.containers[0].ports')).toBe('');
    expect(await field('deployment/client', '.metadata.labels.team')).toBe('x');
  });

  it('on the server says who owns what it would change, and takes it only by force', async () => {
    expect((await withFile(deployment('server'), 'apply', '--server-side')).out).toContain('serverside-applied');
    await kubectl('scale', 'deployment/server', '--replicas=3');
    const refused = await withFile(deployment('server', 2), 'apply', '--server-side', '--field-manager=other');
    expect(refused.code).toBe(1);
    expect(refused.error).toMatch(/conflict with "kubectl" with subresource "scale" using apps\/v1: \.spec\.replicas/);
    const forced = await withFile(
      deployment('server', 2),
      'apply',
      '--server-side',
      '--field-manager=other',
      '--force-conflicts',
    );
    expect(forced.code).toBe(0);
    expect(await field('deployment/server', '.spec.replicas')).toBe('2');
  });

  it('on the server takes over what it applied from the client before', async () => {
    await withFile(deployment('moved'), 'apply');
    expect(await withFile(deployment('moved', 4), 'apply', '--server-side')).toMatchObject({ code: 0 });
    const managers = await field('deployment/moved', '.metadata.managedFields[*].manager');
    expect(managers.split(' ')).toContain('kubectl');
    expect(managers).not.toContain('kubectl-client-side-apply');
  });

  it('dry-runs on the server and stores nothing', async () => {
    expect((await withFile(deployment('dry'), 'apply', '--dry-run=server')).out).toContain('server dry run');
    expect((await withFile(deployment('dry'), 'apply', '--server-side', '--dry-run=server')).code).toBe(0);
    expect((await cluster.as('user', ['-n', 'shop', 'get', 'deployment', 'dry'])).error).toContain('not found');
  });

  it('refuses a field that the kind does not have', async () => {
    const odd = deployment('odd').replace('replicas: 1', 'replica: 1');
    expect((await withFile(odd, 'apply')).error).toContain('unknown field "spec.replica"');
    expect((await withFile(odd, 'apply', '--server-side')).error).toContain('field not declared in schema');
  });
});

describe('kubectl diff', () => {
  it('shows what an apply would change, and nothing where it would change nothing', async () => {
    await withFile(deployment('differs'), 'apply');
    const changed = await withFile(deployment('differs', 3, 'nginx:1.28-alpine'), 'diff');
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/-\s+replicas: 1\n\+\s+replicas: 3/);
    expect(changed.out).toMatch(/\+\s+- image: nginx:1\.28-alpine/);
    expect(await withFile(deployment('differs'), 'diff')).toMatchObject({ code: 0, out: '' });
  });
});

describe('kubectl explain and wait', () => {
  it('explains the structure of built-in kinds', async () => {
    expect(await kubectl('explain', 'deployment.spec.strategy')).toMatch(/rollingUpdate\s+<RollingUpdateDeployment>/);
    expect(await kubectl('explain', 'pod.spec.containers.ports')).toMatch(/containerPort\s+<integer>\s+-required-/);
  });

  it('waits for conditions and fields', async () => {
    await withFile(deployment('awaited'), 'apply');
    expect(await kubectl('wait', '--for=condition=Available', 'deployment/awaited', '--timeout=30s')).toContain('met');
    expect(await kubectl('wait', '--for=jsonpath={.spec.replicas}=1', 'deployment/awaited')).toContain('met');
    await kubectl('delete', 'deployment', 'awaited', '--wait=false');
    await kubectl('wait', '--for=delete', 'deployment/awaited', '--timeout=30s');
  });
});

describe('a custom resource', () => {
  const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: widgets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: widgets, kind: Widget, shortNames: [wd] }
  versions:
    - name: v1
      served: true
      storage: true
      additionalPrinterColumns: [{ name: Size, type: integer, jsonPath: .spec.size }]
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { size: { type: integer } } } }
`;
  const widget = (size: number) => `
apiVersion: example.com/v1
kind: Widget
metadata: { name: a }
spec: { size: ${size} }
`;

  it('is defined, applied, shown, patched and deleted as any other', async () => {
    expect((await withFile(definition, 'apply')).code).toBe(0);
    await kubectl('wait', '--for=condition=Established', 'crd/widgets.example.com', '--timeout=20s');
    expect((await withFile(widget(1), 'apply')).out).toContain('created');
    expect((await withFile(widget(2), 'apply')).out).toContain('configured');
    expect((await withFile(widget(3), 'apply', '--server-side')).code).toBe(0);
    expect(await kubectl('get', 'wd')).toMatch(/NAME +SIZE\na +3/);
    expect(await kubectl('describe', 'wd', 'a')).toMatch(/Size: +3/);
    expect(await kubectl('explain', 'widget.spec')).toMatch(/size\s+<integer>/);
    expect((await cluster.as('user', ['-n', 'shop', 'patch', 'wd', 'a', '-p', '{"spec":{"size":4}}'])).error).toContain(
      'strategic-merge-patch+json is not supported',
    );
    await kubectl('patch', 'wd', 'a', '--type=merge', '-p', '{"spec":{"size":5}}');
    expect(await field('wd/a', '.spec.size')).toBe('5');
    await kubectl('delete', 'wd', 'a');
    await cluster.kubectl('delete', 'crd', 'widgets.example.com');
    expect((await cluster.as('user', ['get', 'wd'])).code).toBe(1);
  });
});
