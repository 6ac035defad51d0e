import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NewObject, type Sandbox, startSandbox } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runCommandLine } from './command-line.ts';

const directory = mkdtempSync(join(tmpdir(), 'cli-'));
const run = (...argv: readonly string[]) => runCommandLine(argv, directory);
const objectsOf = (text: string): readonly NewObject[] =>
  parseAllDocuments(text).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as NewObject;
  });
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('countersign cluster-manifests', () => {
  it('prints one stream: guards first, then roles, then what hands over each namespace', async () => {
    const { exitCode, out, error } = await run('cluster-manifests', '--namespace', 'shop', '--namespace', 'payments');
    expect([exitCode, error]).toEqual([0, '']);
    const objects = objectsOf(out);
    const kinds = objects.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('ValidatingAdmissionPolicyBinding')).toBe(3);
    expect(kinds.slice(0, 4).every((kind) => kind.startsWith('ValidatingAdmissionPolicy'))).toBe(true);
    expect(kinds.indexOf('Namespace')).toBe(4);
    const handed = objects.filter(({ kind }) => kind === 'RoleBinding');
    expect(objects.slice(-4)).toEqual(handed);
    expect(handed.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'shop/countersign-proposer',
      'shop/countersign-executor',
      'payments/countersign-proposer',
      'payments/countersign-executor',
    ]);
  });

  it('writes the same into files whose names keep the order', async () => {
    const { out } = await run('cluster-manifests', '--namespace', 'shop');
    expect((await run('cluster-manifests', '--namespace', 'shop', '--output', 'made')).exitCode).toBe(0);
    const files = readdirSync(join(directory, 'made')).sort();
    expect(files).toEqual(['1-guard-policies.yaml', '2-rbac.yaml', '3-namespace-shop.yaml']);
    const written = files.map((file) => readFileSync(join(directory, 'made', file), 'utf8')).join('---\n');
    expect(objectsOf(written)).toEqual(objectsOf(out));
  });

  it.each([
    [['cluster-manifests'], '--namespace'],
    [['cluster-manifests', '--namespace', 'Shop'], 'is no name of a namespace'],
    [['cluster-manifests', '--namespace', 'a\n---\nkind: ClusterRole'], 'is no name of a namespace'],
    [['cluster-manifests', '--namespace', 'kube-system'], 'never handed over'],
    [['cluster-manifests', '--namespace', 'countersign-system'], 'never handed over'],
    [['cluster-manifests', '--namespace', 'shop', '--output', '/dev/null/x'], 'cannot be written'],
    [['doctor'], '--kubeconfig'],
    [['doctor', '--kubeconfig', 'absent'], 'cannot be read (ENOENT)'],
    [['approve'], 'unknown command'],
    [[], 'no command'],
  ])('%j is answered with one sentence, and exit code 2', async (argv, named) => {
    const { exitCode, out, error } = await run(...argv);
    expect([exitCode, out]).toEqual([2, '']);
    expect(error).toContain(named);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  it('is started from a clone by its name', async () => {
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    const printed = await new Promise<string>((resolve, reject) =>
      execFile(
        'npm',
        ['run', '--silent', 'countersign', '--', 'cluster-manifests', '--namespace', 'shop'],
        { cwd: root },
        (failure, out) => (failure === null ? resolve(out) : reject(failure)),
      ),
    );
    expect(printed).toBe((await run('cluster-manifests', '--namespace', 'shop')).out);
  });
});

describe('countersign doctor', () => {
  let sandbox: Sandbox;
  const kubeconfig = join(directory, 'kubeconfig');
  const doctor = () => run('doctor', '--kubeconfig', 'kubeconfig');
  beforeAll(async () => {
    const { out } = await run('cluster-manifests', '--namespace', 'shop');
    sandbox = await startSandbox({ dataDirectory: join(directory, 'sandbox'), manifests: objectsOf(out) });
    writeFileSync(kubeconfig, sandbox.kubeconfig('user'));
  });
  afterAll(() => sandbox.stop());

  const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
  const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';
  const ROLES = 'clusterroles.rbac.authorization.k8s.io';
  /** Changes an object for the time of one examination. */
  async function examinedWith(resource: string, name: string, by: (object: Record<string, unknown>) => void) {
    const before = structuredClone(sandbox.store.get(resource, undefined, name));
    if (before === undefined) throw new Error(`no ${name}`);
    const changed = structuredClone(before);
    by(changed);
    sandbox.store.update(resource, changed);
    const answer = await doctor();
    const { resourceVersion = '' } = sandbox.store.get(resource, undefined, name)?.metadata ?? {};
    sandbox.store.update(resource, { ...before, metadata: { ...before.metadata, resourceVersion } });
    return answer;
  }

  it('finds nothing wrong with a cluster that the manifests were applied to, and changes nothing there', async () => {
    const before = sandbox.store.list('configmaps').length;
    const { exitCode, out } = await doctor();
    expect(out).not.toContain('WRONG');
    expect(out).toContain('The cluster is ready for Countersign.');
    expect(exitCode).toBe(0);
    expect(sandbox.store.list('configmaps')).toHaveLength(before);
  });

  it.each([
    [
      'a weakened guard',
      POLICIES,
      'countersign-executor-marked-writes',
      (object: Record<string, unknown>) => Object.assign(object.spec as object, { failurePolicy: 'Ignore' }),
      'guard policies are missing or changed: countersign-executor-marked-writes',
    ],
    [
      'a guard that is not in force',
      BINDINGS,
      'countersign-executor-marked-writes',
      (object: Record<string, unknown>) => Object.assign(object.spec as object, { validationActions: ['Audit'] }),
      'it is not in force',
    ],
    [
      'a right too many',
      ROLES,
      'countersign-executor',
      (object: Record<string, unknown>) =>
        (object.rules as unknown[]).push({ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }),
      'shop: the executor must not be able to get secrets in shop',
    ],
    [
      'a wildcard',
      ROLES,
      'countersign-proposer',
      (object: Record<string, unknown>) =>
        (object.rules as unknown[]).push({ apiGroups: ['*'], resources: ['*', '*/*'], verbs: ['*'] }),
      'shop: the proposer must not be able to create pods/exec in shop',
    ],
    [
      'a right too few',
      ROLES,
      'countersign-reader',
      (object: Record<string, unknown>) =>
        Object.assign(object, {
          rules: (object.rules as unknown[]).filter((rule) => !JSON.stringify(rule).includes('pods/log')),
        }),
      'shop: the reader must be able to get pods/log in shop',
    ],
  ] as const)('finds %s', async (_what, resource, name, by, said) => {
    const { exitCode, out } = await examinedWith(resource, name, by);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/^WRONG /m);
    expect(out).toContain(said);
  });

  it('finds that a service account is missing', async () => {
    sandbox.store.delete('serviceaccounts', 'countersign-system', 'countersign-executor');
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(out).toContain('WRONG  the service account countersign-executor is missing');
  });
});
