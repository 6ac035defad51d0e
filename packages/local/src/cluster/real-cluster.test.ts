import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewObject, type Sandbox, startSandbox } from '@countersign/sandbox';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { clusterManifests } from './cluster-manifests.ts';
import { openRealCluster } from './real-cluster.ts';

const directory = mkdtempSync(join(tmpdir(), 'real-cluster-'));
const sandboxes: Sandbox[] = [];
afterAll(async () => {
  for (const sandbox of sandboxes) await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
});

const WHOLE = clusterManifests(['payments', 'shop']);
const ADMISSION = 'admissionregistration.k8s.io/v1';
const without = (...apiVersions: readonly string[]): readonly NewObject[] =>
  WHOLE.filter(({ apiVersion }) => !apiVersions.includes(apiVersion));

/** A cluster, and the administrator's file that leads to it: one context, one user, as a cloud's tool writes it. */
async function someCluster(name: string, manifests: readonly NewObject[]): Promise<{ sandbox: Sandbox; file: string }> {
  const sandbox = await startSandbox({ dataDirectory: join(directory, name), manifests });
  sandboxes.push(sandbox);
  const { clusters, users } = parse(sandbox.kubeconfig('user'));
  const contexts = [{ name: 'prod', context: { cluster: clusters[0].name, user: 'user' } }];
  return { sandbox, file: write(name, { clusters, users: [users[0]], contexts, 'current-context': 'prod' }) };
}
function write(name: string, config: object): string {
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, stringify({ apiVersion: 'v1', kind: 'Config', ...config }));
  return file;
}

test('a cluster with guard policies is known by its uid and CA, and worked on where namespaces were handed over', async () => {
  const { sandbox, file } = await someCluster('whole', WHOLE);
  const found = await openRealCluster(file, undefined);
  const uid = sandbox.store.get('namespaces', undefined, 'kube-system')?.metadata.uid;
  expect(found).toMatchObject({
    name: 'prod',
    uid,
    ca: expect.stringMatching(/^sha256:/),
    namespaces: ['payments', 'shop'],
  });
  const { users, contexts } = parse(found.kubeconfig);
  expect(contexts.map(({ name }: { name: string }) => name)).toEqual(['reader', 'proposer', 'executor']);
  // No credential: a plugin asks for tokens.
  for (const { user } of users) expect(Object.keys(user)).toEqual(['exec']);
  expect(found.kubeconfig).not.toContain(parse(readFileSync(file, 'utf8')).users[0].user.token);
});

describe('a cluster is refused in one sentence', () => {
  const command = (file: string): string =>
    `npx countersign cluster-manifests --namespace NAMESPACE | kubectl --kubeconfig ${file} --context prod apply -f -`;
  const only = async (file: string, context?: string): Promise<string> => {
    const problem = await openRealCluster(file, context).catch((refusal: unknown) => refusal);
    expect(problem).toMatchObject({ code: 'START_REFUSED', message: expect.stringMatching(/^Cannot start: [^\n]+$/) });
    return (problem as Error).message;
  };
  const audited = WHOLE.map((object) =>
    object.kind === 'ValidatingAdmissionPolicyBinding'
      ? { ...object, spec: { ...(object.spec as object), validationActions: ['Audit'] } }
      : object,
  );
  const everywhere = WHOLE.map((object) =>
    object.kind === 'ValidatingAdmissionPolicy'
      ? { ...object, spec: { ...(object.spec as object), validations: [{ expression: 'true' }] } }
      : object,
  );

  test.each([
    ['the guard policies are missing', without(ADMISSION), "lacks Countersign's guard policies"],
    ['they only audit', audited, "lacks Countersign's guard policies"],
    ['they say something else', everywhere, "lacks Countersign's guard policies"],
    ['nothing is installed', [], 'no service account countersign-reader'],
    ['no namespace is handed over', clusterManifests([]), 'no namespace of the cluster is handed over'],
  ])('with the command to run where %s', async (what, manifests, why) => {
    const { file } = await someCluster(what.replaceAll(' ', '-'), manifests);
    const said = await only(file);
    expect(said).toContain(why);
    expect(said).toContain(command(file));
  });

  test('where the file, the context or the user cannot be used', async () => {
    const { sandbox, file } = await someCluster('refused', WHOLE);
    expect(await only(join(directory, 'absent.yaml'))).toContain('cannot be read (ENOENT)');
    expect(await only(file, 'nowhere')).toContain('there is no context "nowhere"');
    const { 'current-context': _none, ...config } = parse(readFileSync(file, 'utf8'));
    expect(await only(write('no-current', config))).toContain('name one with --context');
    expect(await only(write('no-user', { ...config, users: [{ name: 'user', user: {} }] }), 'prod')).toContain(
      'neither a token nor a certificate',
    );
    expect(
      await only(
        write('impersonating', { ...config, users: [{ name: 'user', user: { ...config.users[0].user, as: 'x' } }] }),
        'prod',
      ),
    ).toContain('user.as is not supported');
    const token = parse(sandbox.kubeconfig()).users.find(({ name }: { name: string }) => name === 'executor').user
      .token;
    const lesser = write('lesser', { ...config, users: [{ name: 'user', user: { token } }] });
    expect(await only(lesser, 'prod')).toContain('may not request tokens');
    await sandbox.stop();
    expect(await only(file)).toContain('cannot be used: the cluster did not answer');
  });
});
